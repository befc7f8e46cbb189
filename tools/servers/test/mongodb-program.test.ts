import { freePort } from '@sockshop/supervisor';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadedMongod } from '../src/mongodb-binary.ts';
import { mongoProgram, type MongoSources } from '../src/mongodb-program.ts';

let dir: string;
let said: string[];
const say = (line: string): void => {
  said.push(line);
};
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mongodb-'));
  said = [];
});
afterEach(() => rm(dir, { recursive: true }));

describe('the program of a MongoDB', () => {
  const nothing: MongoSources = {
    installed: () => Promise.resolve(undefined),
    downloaded: () => Promise.reject(new Error('no network')),
    standIn: () => Promise.reject(new Error('there is no `go` on the PATH')),
  };
  const installed = { installed: () => Promise.resolve('/installed') };
  const downloaded = { downloaded: () => Promise.resolve('/downloaded') };
  const standIn = { standIn: () => Promise.resolve('/stand-in') };
  const begun = { none: '', mongod: 'WiredTiger', 'the stand-in': 'documents.log' };
  const choose = async (by: keyof typeof begun, sources: Partial<MongoSources>) => {
    if (begun[by] !== '') await writeFile(join(dir, begun[by]), '');
    return mongoProgram(dir, say, { ...nothing, ...sources });
  };

  it.each([
    ['none', { ...installed, ...downloaded, ...standIn }, 'mongod', '/installed'],
    ['none', { ...downloaded, ...standIn }, 'mongod', '/downloaded'],
    ['none', standIn, 'stand-in', '/stand-in'],
    ['mongod', { ...downloaded, ...standIn }, 'mongod', '/downloaded'],
    ['the stand-in', { ...installed, ...downloaded, ...standIn }, 'stand-in', '/stand-in'],
  ] as const)('for data begun by %s, of %j, is the %s %s', async (by, sources, kind, path) => {
    expect(await choose(by, sources)).toEqual({ kind, path });
  });

  it('does not take over the SQLite files of an earlier stand-in', async () => {
    await writeFile(join(dir, 'orders.sqlite'), '');
    await expect(mongoProgram(dir, say, { ...nothing, ...standIn })).rejects.toThrow(
      'were written by an earlier stand-in',
    );
  });

  it('says in one line why it is the stand-in, at new data only', async () => {
    await choose('none', standIn);
    expect(said).toEqual(['MongoDB cannot be downloaded (no network)']);
    await choose('the stand-in', standIn);
    expect(said).toHaveLength(1);
  });

  it.each([
    [
      'none',
      'there is no `mongod` on the PATH, it cannot be downloaded (no network), there is no `go` on the PATH. ',
      'mongodb://127.0.0.1:27017/.',
    ],
    [
      'mongod',
      'the data in DIR were begun with MongoDB itself; there is no `mongod` on the PATH, it cannot be downloaded (no network). ',
      'Without that folder it starts afresh.',
    ],
    [
      'the stand-in',
      'the data in DIR were begun with the stand-in; there is no `go` on the PATH. ',
      'Without that folder it starts afresh.',
    ],
  ] as const)(
    'that is missing, for data begun by %s, is said with every way',
    async (by, why, end) => {
      const message = await choose(by, {}).then(String, String);
      expect(message).toContain(
        `MongoDB is not available: ${why.replace('DIR', dir)}Install MongoDB`,
      );
      for (const way of ['PATH', 'Go 1.22', 'MONGOMS_DOWNLOAD_MIRROR', 'MONGO_URL'])
        expect(message).toContain(way);
      expect(message.endsWith(end)).toBe(true);
    },
  );

  it.each(['mongod', 'the stand-in'] as const)(
    'of data begun by %s is never the other',
    async (by) => {
      const other = by === 'mongod' ? standIn : { ...installed, ...downloaded };
      await expect(choose(by, other)).rejects.toThrow('were begun with');
    },
  );
});

describe('a download of mongod', () => {
  let mirror: Server;
  let asked: string[];
  /** What the mirror sends; undefined: 404. */
  let archive: Buffer | undefined;

  beforeEach(async () => {
    asked = [];
    mirror = createServer(({ url = '' }, response) => {
      asked.push(url);
      if (archive && url.endsWith('.tgz')) response.end(archive);
      else response.writeHead(404).end();
    }).listen(0, '127.0.0.1');
    await once(mirror, 'listening');
  });
  afterEach(() => {
    mirror.close();
  });

  /** As MongoDB packs it, with this script in place of the program. */
  const pack = async (script: string): Promise<Buffer> => {
    const bin = join(dir, 'packed', 'mongodb-linux', 'bin');
    await mkdir(bin, { recursive: true });
    await writeFile(join(bin, 'mongod'), script, { mode: 0o755 });
    const file = join(dir, 'packed.tgz');
    execFileSync('tar', ['-czf', file, '-C', join(dir, 'packed'), 'mongodb-linux']);
    return readFile(file);
  };
  const cache = (): string => join(dir, 'cache');
  const download = (port = (mirror.address() as AddressInfo).port): Promise<string> =>
    // it listens on TCP
    downloadedMongod({
      say,
      cache: cache(),
      env: {
        MONGOMS_DOWNLOAD_MIRROR: `http://127.0.0.1:${port}`,
        MONGOMS_USE_HTTP: 'true',
        MONGOMS_MD5_CHECK: 'false',
      },
    });

  it('is kept, and used again without the network', async () => {
    archive = await pack('#!/bin/sh\necho "db version v8.0.17"\n');
    const program = await download();
    expect(execFileSync(program, ['--version']).toString()).toBe('db version v8.0.17\n');
    expect(asked).toHaveLength(1);
    expect(said).toEqual([
      'downloading MongoDB 8.0.17 (about 100 MB); this is done once',
      expect.stringMatching(/^downloaded MongoDB in \d+ s$/),
    ]);
    expect(await download(await freePort())).toBe(program);
    expect(asked).toHaveLength(1);
    expect(await readdir(cache())).toEqual(['mongod-8.0.17']);
  });

  it('that does not run here is not kept', async () => {
    archive = await pack('#!/bin/sh\necho "no such library"; exit 127\n');
    await expect(download()).rejects.toThrow(/ended with code 127: no such library$/);
    expect(await readdir(cache())).toEqual([]);
  });

  it.each([
    ['is no archive', Buffer.from('nothing of the kind')],
    ['is not there', undefined],
  ])('that %s fails in one line and leaves nothing', async (_what, sent) => {
    archive = sent;
    const message = await download().then(String, String);
    expect(message).toMatch(/^DownloadError: [^\n]+$/);
    expect(message).not.toContain('node');
    expect(await readdir(cache())).toEqual([]);
  });

  it('is not tried where the host cannot be reached', async () => {
    const port = await freePort();
    await expect(download(port)).rejects.toThrow('127.0.0.1 cannot be reached: ECONNREFUSED');
    expect(said).toEqual([]);
  });
});
