import { type LogFile, type LogLine, parseLine } from '@sockshop/log-lines';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** How long new lines of different logs are collected, to be shown in the order of time. */
const LOOK_MS = 250;
/** Read of one log at a time; what is more comes with the next look, at once. */
const CHUNK = 1024 * 1024;

/** How far a file was read. */
interface Place {
  /** A log that is put aside gets another one. */
  path: string;
  bytes: number;
  /** The beginning of a line that is not written to its end yet. */
  rest: Buffer;
  atMs: number;
}

/** Notices where each log ends now, and then what is written behind that. */
export class Follower {
  /** By inode: it stays while a log is put aside. */
  private places = new Map<number, Place>();

  constructor(private readonly logs: () => readonly LogFile[]) {
    this.look(true);
  }

  /** Where the logs ended. */
  ends(): Map<string, number> {
    return new Map([...this.places.values()].map(({ path, bytes }) => [path, bytes]));
  }

  /** Each new line, in the order of time as far as the lines of a look tell. */
  async *lines(): AsyncGenerator<LogLine, never> {
    for (;;) {
      yield* this.look(false).sort((one, other) => one.atMs - other.atMs);
      await pause(LOOK_MS);
    }
  }

  private look(skip: boolean): LogLine[] {
    const before = this.places;
    this.places = new Map(); // without what is no longer there: its number may be given to another file
    return this.logs().flatMap(({ instance, paths }) =>
      paths.flatMap((path) => this.read(path, instance, before, skip)),
    );
  }

  private read(
    path: string,
    instance: string,
    before: ReadonlyMap<number, Place>,
    skip: boolean,
  ): LogLine[] {
    const file = opened(path);
    if (file === undefined) return [];
    try {
      const { size, ino } = fstatSync(file);
      const known = before.get(ino);
      const grown = known !== undefined && known.bytes <= size; // else new, or emptied
      const place = grown ? known : { path, bytes: 0, rest: Buffer.alloc(0), atMs: Date.now() };
      place.path = path;
      this.places.set(ino, place);
      if (skip) place.bytes = lastLineEnd(file, size);
      return [...newLines(file, place, instance)];
    } finally {
      closeSync(file);
    }
  }
}

/** A line that is just being written is a new one, as a whole. */
function lastLineEnd(file: number, size: number): number {
  const length = Math.min(CHUNK, size);
  const chunk = Buffer.alloc(length);
  const read = readSync(file, chunk, 0, length, size - length);
  const end = chunk.lastIndexOf('\n', read - 1) + 1;
  return end === 0 ? size : size - length + end;
}

function* newLines(file: number, place: Place, instance: string): Generator<LogLine> {
  for (;;) {
    const chunk = Buffer.alloc(CHUNK);
    const read = readSync(file, chunk, 0, CHUNK, place.bytes);
    place.bytes += read;
    const bytes = Buffer.concat([place.rest, chunk.subarray(0, read)]);
    const end = bytes.lastIndexOf('\n') + 1;
    place.rest = bytes.subarray(end);
    for (const text of bytes.toString('utf8', 0, end).split('\n')) {
      if (text === '') continue;
      const line = parseLine(text, instance, place.atMs);
      place.atMs = line.atMs;
      yield line;
    }
    if (read < CHUNK) return;
  }
}

function opened(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined; // put aside this moment: the next look finds the new one
  }
}
