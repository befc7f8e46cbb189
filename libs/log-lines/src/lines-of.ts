import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { LogFile } from './log-files.ts';
import { type LogLine, parseLine, timeOfLine } from './log-line.ts';

/** Which lines are wanted. */
export interface Wanted {
  /** Milliseconds since 1970; both ends are included. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Only lines that contain this text are read in full, and yielded. */
  readonly containing?: string;
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
    const part = await partFrom(path, fromMs);
    if (!part) continue; // put aside or deleted since
    const { start } = part;
    const end = Math.min(part.end, ends.get(path) ?? Infinity, start + maxBytes);
    if (start >= end) continue;
    const input = createReadStream(path, { start, end: end - 1 });
    const lines = createInterface({ input, crlfDelay: Infinity });
    try {
      for await (const text of lines) {
        if (text === '') continue;
        if (containing !== undefined && !text.includes(containing)) {
          atMs = timeOfLine(text) ?? atMs;
          if (atMs > toMs) return;
          continue;
        }
        const line = parseLine(text, instance, atMs);
        ({ atMs } = line);
        if (atMs > toMs) return;
        if (atMs >= fromMs) yield line;
      }
    } finally {
      lines.close();
      input.destroy();
    }
  }
}

async function partFrom(
  path: string,
  fromMs: number,
): Promise<{ start: number; end: number } | undefined> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { size: end } = await file.stat();
    return { start: await startOf(file, end, fromMs), end };
  } finally {
    await file.close();
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
