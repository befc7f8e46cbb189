import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { mongo } from '@sockshop/testing/real-servers';
import { MongoClient } from 'mongodb';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { stopWrites } from '../src/stopped-writes.ts';

jest.setTimeout(60_000);

mongo.suite('writes to MongoDB', () => {
  const name = `lock-${randomBytes(4).toString('hex')}`;
  let client: MongoClient;
  let locker: MongoClient;
  beforeEach(async () => {
    client = await new MongoClient(mongo.url).connect();
    locker = await new MongoClient(mongo.url).connect();
  });
  afterEach(async () => {
    await client.db(name).dropDatabase();
    await client.close();
    await locker.close();
  });
  const write = (events: string[]): Promise<unknown> =>
    client
      .db(name)
      .collection('socks')
      .insertOne({})
      .then(() => events.push('written'));

  it('wait while they are stopped, and are done then; reads go on', async () => {
    const events: string[] = [];
    const stopped = await stopWrites(locker, mongo.url);
    const written = write(events);
    for (let read = 0; read < 20; read++)
      await client.db(name).collection('socks').countDocuments();
    events.push('released');
    await stopped.release();
    await written;
    expect(events).toEqual(['released', 'written']);
    await stopped.release();
  });

  it('go on after the end of the connection that stopped them', async () => {
    await locker.db('admin').command({ fsync: 1, lock: true });
    const written = write([]);
    await locker.close();
    // What MongoDB itself does not do, the guard does.
    await client
      .db('admin')
      .command({ fsyncUnlock: 1 })
      .catch(() => undefined);
    await written;
  });

  it('go on when the process that stopped them is killed', async () => {
    const guard = spawn(process.execPath, [join(import.meta.dirname, '../src/unlock-guard.ts')], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    const ended = once(guard, 'exit');
    guard.stdin.write(`${JSON.stringify({ url: mongo.url, withinMs: 60_000 })}\n`);
    await once(guard.stdout, 'data');
    await locker.db('admin').command({ fsync: 1, lock: true });
    const written = write([]);
    guard.stdin.end(); // as the system does for a process that has ended
    await Promise.all([written, ended]);
  });

  it('are distinguished from those that went on too early', async () => {
    const stopped = await stopWrites(locker, mongo.url);
    await client.db('admin').command({ fsyncUnlock: 1 });
    await expect(stopped.release()).rejects.toThrow(/took longer than the 10 s/);
  });
});
