import { freePort } from '@sockshop/supervisor';
import { until } from '@sockshop/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Db, MongoClient } from 'mongodb';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, stat, truncate } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    const words = [program!, `127.0.0.1:${port}`, dir];
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

  const connected = async <T>(work: (database: Db) => Promise<T>): Promise<T> => {
    const client = new MongoClient(`mongodb://127.0.0.1:${port}/`, {
      serverSelectionTimeoutMS: 2000,
    });
    try {
      return await work(client.db('shop'));
    } finally {
      await client.close();
    }
  };
  const everything = () =>
    connected(async (database) => ({
      orders: await database.collection('orders').find().sort({ _id: 1 }).toArray(),
      indexes: (await database.collection('orders').indexes()).map(({ name }) => name),
      collections: (await database.listCollections().toArray()).map(({ name }) => name),
    }));
  interface Order {
    _id: number;
    owner: string;
    state: string;
  }

  it('keeps every write that it has answered, when it is killed at any moment', async () => {
    const first = start(1000);
    await until(ping);
    const answered = new Map<number, string>();
    await connected(async (database) => {
      const orders = database.collection<Order>('orders');
      await orders.createIndexes([{ key: { owner: 1, state: 1 } }]);
      await database.collection('dropped').insertOne({});
      await database.collection('dropped').drop();
      const shopper = async (number: number) => {
        for (let _id = number; ; _id += 10) {
          await orders.insertOne({ _id, owner: `owner ${number}`, state: 'new' });
          answered.set(_id, 'new');
          await orders.updateOne({ _id, state: 'new' }, { $set: { state: 'paid' } });
          answered.set(_id, 'paid');
          if (_id % 3 > 0) continue;
          await orders.deleteOne({ _id });
          answered.set(_id, 'deleted');
          if (answered.size > 300) first.child.kill('SIGKILL');
        }
      };
      await Promise.allSettled(Array.from({ length: 10 }, (_, number) => shopper(number)));
    });
    await first.ended;

    start(1000);
    await until(ping);
    const { orders, ...rest } = await everything();
    expect(rest).toEqual({ indexes: ['_id_', 'owner_1_state_1'], collections: ['orders'] });
    const kept = new Map(orders.map((order) => [order._id as unknown as number, order['state']]));
    const later = { new: ['new', 'paid'], paid: ['paid', 'deleted'], deleted: ['deleted'] };
    for (const [_id, state] of answered) {
      expect(later[state as keyof typeof later]).toContain(kept.get(_id) ?? 'deleted');
    }
    expect(answered.size).toBeGreaterThan(300);
    const found = await connected((database) =>
      database.collection<Order>('orders').find({ owner: 'owner 1', state: 'paid' }).toArray(),
    );
    expect(found.map(({ _id }) => _id)).toEqual(
      orders
        .filter((order) => order['owner'] === 'owner 1' && order['state'] === 'paid')
        .map(({ _id }) => _id),
    );
  });

  it('cuts off what a crash of the machine left unfinished', async () => {
    const first = start(1000);
    await until(ping);
    await connected((database) =>
      database.collection<Order>('orders').insertMany([
        { _id: 1, owner: 'one', state: 'new' },
        { _id: 2, owner: 'two', state: 'new' },
      ]),
    );
    first.child.kill('SIGTERM');
    await first.ended;
    const journal = join(dir, 'documents.log');
    await truncate(journal, (await stat(journal)).size - 1);

    const second = start(1000);
    await until(ping);
    expect((await everything()).orders.map(({ _id }) => _id)).toEqual([1]);
    expect(second.said).toContain('cut off at an incomplete entry');
    await connected((database) =>
      database.collection<Order>('orders').insertOne({ _id: 3, owner: 'three', state: 'new' }),
    );
    second.child.kill('SIGKILL');
    await second.ended;
    start(1000);
    await until(ping);
    expect((await everything()).orders.map(({ _id }) => _id)).toEqual([1, 3]);
  });

  it('keeps what it had when it goes on within the second in which it ended', async () => {
    for (let time = 0; time < 5; time += 1) {
      const standIn = start(1000);
      await until(ping);
      await connected((database) =>
        database.collection<Order>('orders').insertMany([
          { _id: 2 * time, owner: 'one', state: 'new' },
          { _id: 2 * time + 1, owner: 'two', state: 'new' },
        ]),
      );
      standIn.child.kill('SIGKILL');
      await standIn.ended;
    }
    start(1000);
    await until(ping);
    const ids = (await everything()).orders.map(({ _id }) => _id);
    expect(ids).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('writes its journal anew when most of it no longer counts, and goes on in it', async () => {
    const first = start(1000);
    await until(ping);
    const journal = join(dir, 'documents.log');
    const padding = 'sock '.repeat(200_000); // 1 MB
    const before = await connected(async (database) => {
      const orders = database.collection<Order & { padding?: string }>('orders');
      await orders.createIndexes([{ key: { owner: 1 }, unique: true }]);
      await orders.insertMany(
        Array.from({ length: 250 }, (_, _id) => ({ _id, owner: `owner ${_id}`, state: 'new' })),
      );
      const cursor = orders.find().sort({ _id: 1 }).batchSize(100);
      await cursor.hasNext(); // reads the rest after the file was replaced
      let largest = 0;
      for (let round = 0; round < 80; round++) {
        await orders.updateOne({ _id: 7 }, { $set: { padding: padding + String(round) } });
        largest = Math.max(largest, (await stat(journal)).size);
      }
      expect(largest).toBeLessThan(40_000_000);
      expect((await cursor.toArray()).map(({ _id }) => _id)).toEqual(
        Array.from({ length: 250 }, (_, _id) => _id),
      );
      await expect(
        orders.insertOne({ _id: 1000, owner: 'owner 3', state: 'new' }),
      ).rejects.toMatchObject({ code: 11000 });
      return orders.find().sort({ _id: 1 }).toArray();
    });
    first.child.kill('SIGKILL');
    await first.ended;
    start(1000);
    await until(ping);
    expect((await everything()).orders).toEqual(before);
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
