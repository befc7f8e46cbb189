import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';

/** Bytes after which the log starts again from empty: it must not fill a learner's disk. */
const MAX_BYTES = 10 * 1024 * 1024;
const FLUSH_MS = 200;

/** The services' JSON lines in one file. It starts empty with the shop and whenever it has grown too big. */
export class LogFile {
  private readonly file: number;
  private waiting: string[] = [];
  private bytes = 0;
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

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.bytes > MAX_BYTES) {
      ftruncateSync(this.file);
      this.bytes = 0;
    }
    this.bytes += writeSync(this.file, this.waiting.join(''), this.bytes);
    this.waiting = [];
  }
}
