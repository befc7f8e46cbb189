import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MongoClient, type Collection } from 'mongodb';
import { randomUUID } from 'node:crypto';

const mongoUrl = process.env['TEST_MONGO_URL'];
const withMongo = mongoUrl ? describe : describe.skip;

interface Counter {
  _id: string;
  count: number;
  state?: string;
  winner?: number;
  padding?: string;
}

/** What the services' stores build on: every one of these holds for MongoDB, so it must for the stand-in. */
withMongo('a single-document write', () => {
  const databaseName = `writes-${randomUUID()}`;
  let client: MongoClient;
  let counters: Collection<Counter>;

  beforeAll(async () => {
    client = await new MongoClient(mongoUrl!, { maxPoolSize: 20 }).connect();
    counters = await client.db(databaseName).createCollection<Counter>('counters');
  });
  afterAll(async () => {
    await client.db(databaseName).dropDatabase();
    await client.close();
  });

  const times = <T>(count: number, write: (index: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => write(index)));

  it('counts 500 parallel upserts of $inc as 500', async () => {
    const upsert = () =>
      counters.updateOne({ _id: 'updated' }, { $inc: { count: 1 } }, { upsert: true });
    const results = await times(500, upsert);
    expect(results.filter((result) => result.upsertedCount === 1)).toHaveLength(1);
    expect(await counters.find({ _id: 'updated' }).toArray()).toEqual([
      { _id: 'updated', count: 500 },
    ]);
  });

  it('gives each of 500 parallel findOneAndUpdate its own number', async () => {
    const next = () =>
      counters.findOneAndUpdate(
        { _id: 'numbered' },
        { $inc: { count: 1 } },
        { upsert: true, returnDocument: 'after' },
      );
    const numbers = (await times(500, next)).map((counter) => counter?.count);
    expect(numbers.toSorted((a, b) => a! - b!)).toEqual(
      Array.from({ length: 500 }, (_, index) => index + 1),
    );
  });

  it('lets one of 50 parallel conditional changes win', async () => {
    await counters.insertOne({ _id: 'contended', count: 0, state: 'CREATED' });
    const change = (winner: number) =>
      counters.updateOne(
        { _id: 'contended', state: 'CREATED' },
        { $set: { state: 'PAID', winner }, $inc: { count: 1 } },
      );
    const changed = (await times(50, change)).map((result) => result.modifiedCount);
    expect(changed.filter((count) => count === 1)).toHaveLength(1);
    expect(await counters.findOne({ _id: 'contended' })).toEqual({
      _id: 'contended',
      count: 1,
      state: 'PAID',
      winner: changed.indexOf(1),
    });
  });

  it('lets one of 50 parallel deletes win', async () => {
    await counters.insertOne({ _id: 'deleted', count: 0 });
    const deleted = await times(50, () => counters.deleteOne({ _id: 'deleted' }));
    expect(deleted.filter((result) => result.deletedCount === 1)).toHaveLength(1);
  });

  it('goes on after a write that failed', async () => {
    await counters.insertOne({ _id: 'taken', count: 0 });
    const again = times(20, () => counters.insertOne({ _id: 'taken', count: 1 }));
    await expect(again).rejects.toMatchObject({ code: 11000 });
    await counters.updateOne({ _id: 'taken' }, { $inc: { count: 5 } });
    expect(await counters.findOne({ _id: 'taken' })).toEqual({ _id: 'taken', count: 5 });
  });

  it('carries a document of eight megabytes there and back', async () => {
    const padding = 'sock '.repeat(1_600_000);
    await counters.insertOne({ _id: 'large', count: 1, padding });
    const read = await counters.findOne({ _id: 'large' });
    expect(read).toEqual({ _id: 'large', count: 1, padding });
  });

  it('may stay unacknowledged, and the connection stays in step', async () => {
    const single = new MongoClient(mongoUrl!, { maxPoolSize: 1 });
    try {
      const quick = single.db(databaseName).collection<Counter>('counters');
      await quick.insertOne({ _id: 'quick', count: 0 });
      const silent = { writeConcern: { w: 0 } } as const;
      await times(20, () => quick.updateOne({ _id: 'quick' }, { $inc: { count: 1 } }, silent));
      // The same connection: its turn comes after the twenty.
      expect(await quick.findOne({ _id: 'quick' })).toEqual({ _id: 'quick', count: 20 });
    } finally {
      await single.close();
    }
  });
});

withMongo('reads', () => {
  it('go on beside a thousand writes', async () => {
    const client = new MongoClient(mongoUrl!, { maxPoolSize: 20 });
    const database = client.db(`reads-${randomUUID()}`);
    try {
      const counters = database.collection<Counter>('counters');
      await counters.insertOne({ _id: 'one', count: 0 });
      const write = () => counters.updateOne({ _id: 'one' }, { $inc: { count: 1 } });
      const writes = Promise.all(Array.from({ length: 1000 }, write));
      const seen: number[] = [];
      for (let read = 0; read < 100; read++) {
        seen.push((await counters.findOne({ _id: 'one' }))?.count ?? -1);
      }
      await writes;
      expect(seen).toEqual(seen.toSorted((a, b) => a - b));
      expect(await counters.findOne({ _id: 'one' })).toEqual({ _id: 'one', count: 1000 });
    } finally {
      await database.dropDatabase();
      await client.close();
    }
  });
});
