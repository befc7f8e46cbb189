import { type FileHandle, open } from 'node:fs/promises';
import { blocksOf, lastOf } from './blocks-of.ts';
import type { LogFile } from './log-files.ts';
import { type LogLine, parseLine, timeOfLine } from './log-line.ts';

/** Which lines are wanted. */
export interface Wanted {
  /** Milliseconds since 1970; both ends are included. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Only lines that contain one of these texts are read in full, and yielded. There may be more of them while the log is read. */
  readonly containing?: ReadonlySet<string>;
  /** No more than this is read of one file, from the first wanted line on. */
  readonly maxBytes?: number;
}

/** So much is read to find one line. A longer line than this is not found by its time, only read. */
const CHUNK = 64 * 1024;

/**
 * The lines of a log that were written in this time. A process writes its log in the order of time, so the first line is searched for by
 * halves: a big log costs no more than what is asked of it. `ends`: where to stop in a file, in bytes; by default where it ends now.
 */
export async function* linesOf(
  { instance, paths }: LogFile,
  { fromMs, toMs, containing, maxBytes = Infinity }: Wanted,
  ends: ReadonlyMap<string, number> = new Map(),
): AsyncGenerator<LogLine, void> {
  let atMs = 0;
  for (const path of paths) {
    const file = await opened(path);
    if (!file) continue; // put aside or deleted since
    try {
      const { size } = await file.stat();
      const start = await startOf(file, size, fromMs);
      const end = Math.min(size, ends.get(path) ?? Infinity, start + maxBytes);
      for await (const block of blocksOf(file, start, end)) {
        if (containing && !hasOneOf(block, containing)) {
          atMs = lastOf(block, timeOfLine) ?? atMs;
          if (atMs > toMs) return;
          continue;
        }
        for (const text of linesIn(block)) {
          if (containing && !hasOneOf(text, containing)) {
            atMs = timeOfLine(text) ?? atMs;
            if (atMs > toMs) return;
            continue;
          }
          const line = parseLine(text, instance, atMs);
          ({ atMs } = line);
          if (atMs > toMs) return;
          if (atMs >= fromMs) yield line;
        }
      }
    } finally {
      await file.close();
    }
  }
}

function hasOneOf(text: string | Buffer, words: ReadonlySet<string>): boolean {
  for (const word of words) if (text.includes(word)) return true;
  return false;
}

/** Not by Node's `readline`, to which a U+2028 in a message is the end of a line. */
function linesIn(block: Buffer): string[] {
  return block
    .toString()
    .split(/\r?\n/)
    .filter((line) => line !== '');
}

async function opened(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Where a line begins that is not after the first one wanted, and at most a chunk before it. */
async function startOf(file: FileHandle, size: number, fromMs: number): Promise<number> {
  let low = 0;
  let high = fromMs > 0 ? size : 0;
  while (high - low > CHUNK) {
    const middle = low + Math.floor((high - low) / 2);
    const line = await lineAfter(file, middle);
    if (line === undefined || line.atMs >= fromMs) high = middle;
    else low = line.at;
  }
  return low;
}

/** The first event that begins behind the place. */
async function lineAfter(
  file: FileHandle,
  place: number,
): Promise<{ at: number; atMs: number } | undefined> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, place);
  const bytes = buffer.subarray(0, bytesRead);
  for (let at = bytes.indexOf('\n') + 1; at > 0;) {
    const next = bytes.indexOf('\n', at);
    if (next === -1) return undefined;
    const atMs = timeOfLine(bytes.toString('utf8', at, next));
    if (atMs !== undefined) return { at: place + at, atMs };
    at = next + 1;
  }
  return undefined;
}
