import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { BSON } from 'mongodb';
import { FORMAT, type Header, type Totals } from './read-backup.ts';
import type { Entry, Table } from './store.ts';

/** Characters that go through gzip in one piece. */
const PIECE = 64 * 1024;

interface Written {
  readonly totals: Totals;
  readonly bytes: number;
}

/**
 * Writes a backup beside its name and gives it the name when it is complete and on the disk. It holds password hashes and addresses: only its owner
 * may read it. `cleanUp` gets what removes the rest after an interruption.
 */
export async function writeBackup(
  path: string,
  about: Omit<Header, 'sockShopBackup'>,
  entries: AsyncIterable<Entry>,
  cleanUp: (how: () => Promise<void>) => void,
): Promise<Written> {
  const unfinished = `${path}.${process.pid}.unfinished`;
  cleanUp(() => rm(unfinished, { force: true }));
  const totals: Totals = {};
  const lines = toLines({ sockShopBackup: FORMAT, ...about }, entries, totals);
  const file = createWriteStream(unfinished, { mode: 0o600, flags: 'wx', flush: true });
  try {
    await pipeline(inPieces(lines), createGzip(), file);
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
  return { totals, bytes: (await stat(path)).size };
}

async function* toLines(
  header: Header,
  entries: AsyncIterable<Entry>,
  totals: Totals,
): AsyncGenerator<string> {
  const hash = createHash('sha256');
  const hashed = (line: string): string => {
    hash.update(line);
    return line;
  };
  yield hashed(`${JSON.stringify(header)}\n`);
  let name = '';
  for await (const entry of entries) {
    if ('table' in entry) {
      name = nameOf(entry.table);
      totals[name] = 0;
      yield hashed(`${JSON.stringify(entry)}\n`);
    } else {
      totals[name] = (totals[name] ?? 0) + 1;
      yield hashed(`${BSON.EJSON.stringify(entry, { relaxed: false })}\n`);
    }
  }
  yield `${JSON.stringify({ end: { totals, sha256: hash.digest('hex') } })}\n`;
}

export function nameOf({ store, database, name }: Table): string {
  return [store, database, name].join('/');
}

async function* inPieces(lines: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let piece = '';
  for await (const line of lines) {
    piece += line;
    if (piece.length < PIECE) continue;
    yield Buffer.from(piece);
    piece = '';
  }
  yield Buffer.from(piece);
}
