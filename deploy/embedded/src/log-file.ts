import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';

/** Bytes after which the log starts again from empty: it must not fill a learner's disk. */
const MAX_BYTES = 10 * 1024 * 1024;
const FLUSH_MS = 200;

/** The services' JSON lines in one file. It starts empty with the shop and whenever it has grown too big. A full disk loses lines, not the shop. */
export class LogFile {
  private readonly file: number;
  private waiting: string[] = [];
  private bytes = 0;
  private failing = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(readonly path: string) {
    this.file = openSync(path, 'w');
  }

  /** Accepts a line and writes it a little later, together with others. */
  readonly write = (line: string): void => {
    this.waiting.push(line);
    this.timer ??= setTimeout(() => {
      this.flush();
    }, FLUSH_MS);
  };

  close(): void {
    this.flush();
    closeSync(this.file);
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const lines = this.waiting.join('');
    this.waiting = [];
    try {
      if (this.bytes > MAX_BYTES) {
        ftruncateSync(this.file);
        this.bytes = 0;
      }
      this.bytes += writeSync(this.file, lines, this.bytes);
      this.failing = false;
    } catch (error) {
      if (!this.failing) console.error(`${this.path} lacks lines from now on: ${String(error)}`);
      this.failing = true;
    }
  }
}
