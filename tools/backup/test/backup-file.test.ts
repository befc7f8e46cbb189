import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BSON } from 'mongodb';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { tablesOf, verifyBackup } from '../src/read-backup.ts';
import { BackupError, type Entry } from '../src/store.ts';
import { writeBackup } from '../src/write-backup.ts';

const ABOUT = {
  way: 'distributed',
  takenAt: '2026-01-02T03:04:05.678Z',
  version: '1.0.0',
} as const;
const SOCKS = {
  store: 'mysql',
  database: 'socksdb',
  name: 'sock',
  columns: ['id'],
  made: ['…'],
} as const;
const ORDERS = { store: 'mongo', database: 'data', name: 'customerOrder' } as const;
const ORDER = {
  _id: new BSON.ObjectId('57a98d98e4b00679b4a830b2'),
  date: new Date('2026-01-01T00:00:00.001Z'),
  total: new BSON.Double(7),
  count: new BSON.Int32(7),
  ticks: BSON.Long.fromString('9007199254740993'),
  picture: new BSON.Binary(Buffer.from([0, 255, 10])),
  text: 'one\u2028line "of" text\n\u0000',
  none: null,
  history: [{ status: 'PAID' }],
};

describe('a backup file', () => {
  let dir: string;
  let file: string;
  const nothing = (): void => undefined;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'backup-'));
    file = join(dir, 'shop.backup');
    await writeBackup(file, ABOUT, entries(), nothing);
  });
  afterAll(() => rm(dir, { recursive: true }));

  const copyOf = async (change: (bytes: Buffer) => Buffer): Promise<string> => {
    const copy = join(dir, 'copy');
    await writeFile(copy, change(await readFile(file)));
    return copy;
  };

  it('has what was written, each value of its own type', async () => {
    const totals = { 'mysql/socksdb/sock': 1200, 'mongo/data/customerOrder': 1 };
    expect(await verifyBackup(file)).toEqual({ sockShopBackup: 1, ...ABOUT, totals });
    const read = [];
    for await (const piece of tablesOf(file)) read.push(piece);
    const socks = Array.from({ length: 1200 }, (_, id) => [new BSON.Int32(id)]);
    expect(read).toEqual([
      { table: SOCKS },
      { rows: socks.slice(0, 500) },
      { rows: socks.slice(500, 1000) },
      { rows: socks.slice(1000) },
      { table: ORDERS },
      { rows: [ORDER] },
    ]);
  });

  it('can be read by its owner only, and nothing else is left beside it', async () => {
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(dir)).toEqual(['shop.backup']);
  });

  it('is refused when it was cut off, wherever', async () => {
    const { size } = await stat(file);
    for (let length = 0; length < size; length += 97) {
      const cut = await copyOf((bytes) => bytes.subarray(0, length));
      await expect(verifyBackup(cut)).rejects.toBeInstanceOf(BackupError);
    }
  });

  it('is refused when a bit of it flipped, wherever', async () => {
    const { size } = await stat(file);
    for (let at = 10; at < size; at += 41) {
      const flipped = await copyOf((bytes) => {
        bytes[at]! ^= 1 << (at % 8);
        return bytes;
      });
      await expect(verifyBackup(flipped)).rejects.toBeInstanceOf(BackupError);
    }
  });

  it.each([
    [
      'a line of it is another',
      [header(), '{"row":[1]}', end('0'.repeat(64))],
      /its checksum is another/,
    ],
    ['its end is missing', [header(), '{"row":[1]}'], /is cut off/],
    ['something follows its end', [header(), end(''), '{"row":[1]}'], /something follows its end/],
    ['it has no header', ['{"row":[1]}'], /not a backup of Sock Shop/],
    ['it is of a later format', [header(2)], /of format 2; this shop reads up to 1/],
    ['it is empty', [], /not a backup of Sock Shop/],
  ])('is refused when %s', async (_title, lines, message) => {
    const odd = await copyOf(() => gzipSync(lines.map((line) => `${line}\n`).join('')));
    await expect(verifyBackup(odd)).rejects.toThrow(message);
  });

  it('is refused when it is something else, or not there', async () => {
    const text = await copyOf(() => Buffer.from('a text'));
    await expect(verifyBackup(text)).rejects.toThrow(
      /^\S+ is not a backup of Sock Shop: nothing was changed\.$/,
    );
    await expect(verifyBackup(join(dir, 'none'))).rejects.toThrow(
      /none cannot be used: it does not exist, .*\(ENOENT\)\.$/,
    );
  });

  it('stays the old one when the next cannot be completed', async () => {
    const before = await readFile(file);
    async function* failing(): AsyncGenerator<Entry> {
      yield* entries();
      throw new Error('the store is gone');
    }
    await rm(join(dir, 'copy'), { force: true });
    await expect(writeBackup(file, ABOUT, failing(), nothing)).rejects.toThrow('the store is gone');
    expect((await readFile(file)).equals(before)).toBe(true);
    expect(await readdir(dir)).toEqual(['shop.backup']);
  });
});

async function* entries(): AsyncGenerator<Entry> {
  yield { table: SOCKS };
  for (let id = 0; id < 1200; id++) yield { row: [id] };
  yield await Promise.resolve({ table: ORDERS });
  yield { row: ORDER };
}

function header(format = 1): string {
  return JSON.stringify({ sockShopBackup: format, ...ABOUT });
}

function end(sha256: string): string {
  return JSON.stringify({ end: { totals: {}, sha256 } });
}
