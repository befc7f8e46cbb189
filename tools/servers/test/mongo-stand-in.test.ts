import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mongo } from '@sockshop/testing/real-servers';
import { MongoClient, ObjectId, type Collection, type Filter, type Sort } from 'mongodb';
import { randomUUID } from 'node:crypto';

interface Counter {
  _id: string;
  count: number;
  state?: string;
  winner?: number;
  padding?: string;
}

/** What the services' stores build on: every one of these holds for MongoDB, so it must for the stand-in. */
mongo.suite('a single-document write', () => {
  const databaseName = `writes-${randomUUID()}`;
  let client: MongoClient;
  let counters: Collection<Counter>;

  beforeAll(async () => {
    client = await new MongoClient(mongo.url, { maxPoolSize: 20 }).connect();
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
    const single = new MongoClient(mongo.url, { maxPoolSize: 1 });
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

mongo.suite('reads', () => {
  it('go on beside a thousand writes', async () => {
    const client = new MongoClient(mongo.url, { maxPoolSize: 20 });
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

  interface Thing {
    _id: number;
    text?: unknown;
    yes?: unknown;
    inner?: { text: string } | { text: string }[];
    "it's"?: string;
    '[0]'?: string;
  }
  const ODD = 'a "b" \\ <c> & \u2028 é 👟 \n it\'s';
  const OBJECT_ID = new ObjectId();
  const THINGS: Thing[] = [
    { _id: 1, text: 'plain', yes: true, inner: { text: 'plain' } },
    { _id: 2, text: ODD, yes: false, inner: { text: ODD } },
    { _id: 3, text: ['another', 'plain'], yes: [false, true] },
    { _id: 4, text: { text: 'plain' }, yes: 'true' },
    { _id: 5, text: OBJECT_ID, yes: null },
    { _id: 6, text: OBJECT_ID.toString(), yes: 1 },
    { _id: 7, text: '[', "it's": 'plain' },
    { _id: 8 },
    { _id: 9, text: 'no', inner: [{ text: 'no' }, { text: ODD }], '[0]': 'plain' },
  ];
  const FILTERS: [Filter<Thing>, number[]][] = [
    [{ text: 'plain' }, [1, 3]],
    [{ text: ODD }, [2]],
    [{ text: OBJECT_ID }, [5]],
    [{ text: OBJECT_ID.toString() }, [6]],
    [{ text: '[' }, [7]],
    [{ yes: true }, [1, 3]],
    [{ yes: false }, [2, 3]],
    [{ 'inner.text': ODD }, [2, 9]],
    [{ 'inner.1.text': ODD }, [9]],
    [{ 'text.0': 'another' }, [3]],
    [{ '[0]': 'plain' }, [9]],
    [{ "it's": 'plain' }, [7]],
    [{ text: 'plain', yes: true, _id: { $gt: 1 } }, [3]],
    [{ text: 'plain', yes: false, 'inner.text': 'plain' }, []],
    [{ $or: [{ text: 'plain' }, { yes: 1 }] }, [1, 3, 6]],
    [{ text: { $in: ['plain', ODD] } }, [1, 2, 3]],
    [{ text: { $in: ['plain', null] } }, [1, 3, 8]],
    [{ text: { $in: ['plain', /^a/] } }, [1, 2, 3]],
    [{ text: { $in: [] } }, []],
    [{ yes: { $in: [true, 1] } }, [1, 3, 6]],
    [{ text: { $in: ['plain', '['], $ne: '[' } }, [1, 3]],
    [{ _id: { $in: [1, 8, 99] } }, [1, 8]],
    [{ text: null }, [8]],
    [{ text: { $ne: 'plain' }, yes: true }, []],
    [{ text: { $gte: 'no' } }, [1, 3, 9]],
    [{ text: { $gt: 'plaim', $lt: 'b' } }, [3]], // two elements of one array
    [{ text: { $lte: 'another', $ne: '[' } }, [2, 3, 6]],
    [{ text: { $lt: OBJECT_ID } }, []],
    [{ text: { $gte: OBJECT_ID } }, [5]],
    [{ yes: { $gt: 0 } }, [6]],
    [{ yes: { $eq: 1 }, text: { $lt: 'z' } }, [6]],
    [{ yes: true, 'inner.text': { $gte: 'plain' } }, [1]],
  ];
  it.each([
    ['without an index', false],
    ['by an index', true],
  ])('finds what a filter says, %s', async (_how, indexed) => {
    const client = new MongoClient(mongo.url);
    const database = client.db(`filters-${randomUUID()}`);
    try {
      const things = database.collection<Thing>('things');
      if (indexed) {
        const fields = ['text', 'yes', 'inner.text', "it's"];
        await things.createIndexes(fields.map((field) => ({ key: { [field]: 1 } })));
        await things.createIndexes([{ key: { yes: 1, text: 1, 'inner.text': -1 } }]);
      }
      await things.insertMany(THINGS);
      for (const [filter, ids] of FILTERS) {
        const found = await things.find(filter).sort({ _id: 1 }).toArray();
        expect([filter, found.map(({ _id }) => _id)]).toEqual([filter, ids]);
        expect([filter, await things.countDocuments(filter)]).toEqual([filter, ids.length]);
      }
    } finally {
      await database.dropDatabase();
      await client.close();
    }
  });

  it.each([
    ['on', [{ key: { owner: 1, at: 1, _id: 1 } }, { key: { at: 1, _id: 1 } }]],
    ['without', []],
  ])('sort as MongoDB does, %s an index of the sort', async (_how, indexes) => {
    const client = new MongoClient(mongo.url);
    const database = client.db(`sorts-${randomUUID()}`);
    try {
      interface Thing {
        _id: string;
        owner: string;
        at?: Date | number | string | null;
      }
      const things = database.collection<Thing>('things');
      if (indexes.length > 0) await things.createIndexes(indexes);
      await things.insertMany([
        { _id: 'f', owner: 'a', at: new Date(5) },
        { _id: 'c', owner: 'a', at: 3 },
        { _id: 'd', owner: 'a', at: 20 },
        { _id: 'x', owner: 'b', at: 4 },
        { _id: 'e', owner: 'a', at: 'text' },
        { _id: 'a', owner: 'a' },
        { _id: 'b', owner: 'a', at: null },
        { _id: 'g', owner: 'a', at: new Date(5) },
      ]);
      const ids = async (
        filter: Filter<Thing>,
        sort: Sort,
        skip = 0,
        limit = 0,
      ): Promise<string> => {
        const found = await things.find(filter).sort(sort).skip(skip).limit(limit).toArray();
        return found.map(({ _id }) => _id).join('');
      };
      const up: Sort = { at: 1, _id: 1 };
      const down: Sort = { at: -1, _id: -1 };
      expect(await ids({ owner: 'a' }, up)).toBe('abcdefg');
      expect(await ids({ owner: 'a' }, down)).toBe('gfedcba');
      expect(await ids({ owner: 'a' }, down, 2, 3)).toBe('edc');
      expect(await ids({}, up)).toBe('abcxdefg');
      expect(await ids({}, down, 1, 4)).toBe('fedx');
      expect(await ids({ owner: 'a' }, { at: -1, _id: 1 })).toBe('fgedcab');
      expect(await ids({ owner: 'a', at: { $gt: 2 } }, down)).toBe('dc');
      expect(await ids({ owner: { $in: ['a', 'b'] } }, up, 3, 2)).toBe('xd');
      await things.updateOne({ _id: 'c' }, { $set: { at: 30 } });
      await things.deleteOne({ _id: 'a' });
      expect(await ids({ owner: 'a' }, up)).toBe('bdcefg');
      await things.updateOne({ _id: 'c' }, { $set: { at: [1, 50] as unknown as number } });
      expect(await ids({ owner: 'a', _id: { $in: ['c', 'd'] } }, { at: 1 })).toBe('cd');
      expect(await ids({ owner: 'a', _id: { $in: ['c', 'd'] } }, { at: -1 })).toBe('cd');
    } finally {
      await database.dropDatabase();
      await client.close();
    }
  });

  it.each([
    { _id: 'sock' },
    { _id: { $in: ['sock', 'cat'] } },
    { owner: 'someone', item: { $in: ['sock', 'cat'] } },
    { _id: 'sock', state: 'CREATED' },
    { owner: 'someone', count: { $gt: 0 } },
    { open: true, touched: { $lt: new Date() } },
    { 'inner.id': 'sock' },
    { open: true },
  ])('look up %p by an index', async (filter) => {
    const client = new MongoClient(mongo.url);
    const database = client.db(`plans-${randomUUID()}`);
    try {
      const things = database.collection<{ _id: string }>('things');
      await things.createIndexes([
        { key: { owner: 1, item: 1 }, unique: true },
        { key: { 'inner.id': 1 } },
        { key: { open: 1, touched: 1 } },
      ]);
      const plan = JSON.stringify(await things.find(filter).explain('queryPlanner'));
      // MongoDB may say IDHACK or EXPRESS, too.
      expect(plan).toMatch(/IXSCAN|IDHACK|EXPRESS_IXSCAN/);
      expect(plan).not.toMatch(/COLLSCAN/);
    } finally {
      await database.dropDatabase();
      await client.close();
    }
  });
});
