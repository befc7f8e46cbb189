import type { FileHandle } from 'node:fs/promises';

const BLOCK = 256 * 1024;
const NEWLINE = 10;

/** Whole lines of a part of a file, as many at once as it takes to be quick. The last one may lack its end. */
export async function* blocksOf(
  file: FileHandle,
  start: number,
  end: number,
): AsyncGenerator<Buffer, void> {
  let unfinished: Buffer[] = [];
  for (let at = start; at < end;) {
    const length = Math.min(BLOCK, end - at);
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, at);
    if (bytesRead === 0) break; // it was emptied since
    at += bytesRead;
    const bytes = buffer.subarray(0, bytesRead);
    const cut = bytes.lastIndexOf(NEWLINE) + 1;
    if (cut > 0) {
      yield Buffer.concat([...unfinished, bytes.subarray(0, cut)]);
      unfinished = [];
    }
    if (cut < bytesRead) unfinished.push(bytes.subarray(cut));
  }
  if (unfinished.length > 0) yield Buffer.concat(unfinished);
}

/** The last line before `end` that is right. */
export function lastOf<T>(block: Buffer, right: (line: string) => T | undefined): T | undefined {
  for (let end = block.length; end > 0;) {
    const at = block.lastIndexOf(NEWLINE, end - 1);
    const found = right(block.toString('utf8', at + 1, end));
    if (found !== undefined) return found;
    end = at;
  }
  return undefined;
}
