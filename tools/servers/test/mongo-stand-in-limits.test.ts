import { freePort } from '@sockshop/supervisor';
import { until } from '@sockshop/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildMongoStandIn } from '../src/mongo-stand-in.ts';

jest.setTimeout(60_000);

/** Undefined where there is no Go to build it with. */
const program = await buildMongoStandIn(() => undefined).catch(() => undefined);

(program === undefined ? describe.skip : describe)('the MongoDB stand-in', () => {
  let dir: string;
  let port: number;
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'stand-in-'));
    port = await freePort();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await rm(dir, { recursive: true });
  });

  /** With at most so many open files. */
  const start = (descriptors: number) => {
    const words = [program!, `127.0.0.1:${port}`, `${pathToFileURL(dir).href}/`];
    const script = `ulimit -n ${descriptors}; exec "$0" "$@"`;
    const child = spawn('/bin/sh', ['-c', script, ...words], {
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    children.push(child);
    const started = { said: '', child, ended: Promise.resolve<unknown>(undefined) };
    child.stderr.on('data', (data: Buffer) => (started.said += data.toString()));
    started.ended = new Promise((resolve) => child.once('close', resolve));
    return started;
  };
  const ping = async (): Promise<boolean> => {
    const client = new MongoClient(`mongodb://127.0.0.1:${port}/`, {
      serverSelectionTimeoutMS: 2000,
    });
    try {
      return (await client.db('admin').command({ ping: 1 }))['ok'] === 1;
    } finally {
      await client.close();
    }
  };

  it('logs that it has no descriptor left, and goes on when it has some again', async () => {
    const standIn = start(60);
    await until(ping);
    const sockets: Socket[] = Array.from({ length: 80 }, () =>
      connect(port, '127.0.0.1').on('error', () => undefined),
    );
    await until(() => Promise.resolve(standIn.said.includes('cannot accept for now')));
    for (const socket of sockets) socket.destroy();
    await until(ping);
    standIn.child.kill('SIGTERM');
    expect(await standIn.ended).toBe(0);
  });

  it('says why it cannot start, and ends with code 1', async () => {
    const first = start(1000);
    await until(ping);
    const second = start(1000);
    expect(await second.ended).toBe(1);
    expect(second.said).toMatch(/^mongo-stand-in: listen tcp .*: bind: address already in use\n$/m);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
  });
});
