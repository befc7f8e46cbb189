import { afterAll, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { mongo } from '@sockshop/testing/real-servers';
import { BSON, Long, MongoClient } from 'mongodb';
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoStore } from '../src/mongo-store.ts';
import type { Entry } from '../src/store.ts';
import { whileMoving, Workplace } from './workplace.ts';

jest.setTimeout(60_000);

const workplace = new Workplace();

mongo.suite('a backup of MongoDB', () => {
  const run = randomBytes(4).toString('hex');
  const databases = [`data-${run}`, `users-${run}`];
  let client: MongoClient;
  beforeAll(async () => {
    client = await new MongoClient(mongo.url, {
      promoteValues: false,
      promoteLongs: false,
    }).connect();
  });
  afterAll(async () => {
    for (const name of databases) await client.db(name).dropDatabase();
    await client.close();
  });
  const storeOf = (alone: boolean): MongoStore =>
    new MongoStore({
      url: mongo.url,
      databases,
      alone,
      aside: join(workplace.dir, 'aside'),
      cleanUp: workplace.cleanUp,
    });
  const orders = () => client.db(databases[0]).collection('customerOrder');
  const users = () => client.db(databases[1]).collection('customers');
  const content = async (): Promise<unknown> =>
    Promise.all(
      [orders(), users()].map(async (each) => {
        const found = await each.find().sort({ _id: 1 }).toArray();
        return found.map((one) => BSON.EJSON.stringify(one, { relaxed: false }));
      }),
    );
  beforeEach(async () => {
    for (const name of databases) await client.db(name).dropDatabase();
    await orders().insertMany([
      {
        _id: new BSON.ObjectId(),
        date: new Date(1),
        total: 7.5,
        whole: new BSON.Double(7),
        items: [{ n: 1 }, {}],
      },
      {
        _id: new BSON.ObjectId(),
        big: Long.fromString('9007199254740993'),
        picture: new BSON.Binary(Buffer.from([0, 255])),
      },
      { _id: new BSON.ObjectId(), text: 'x'.repeat(3_000_000), none: null, yes: true },
      {
        _id: new BSON.ObjectId(),
        text: 'y'.repeat(1_500_000),
        status: 'SHIPPED',
        shipmentSent: true,
      },
    ]);
    await users().insertMany(
      Array.from({ length: 700 }, (_, n) => ({ _id: new BSON.ObjectId(), n })),
    );
  });

  it.each([
    ['beside writers', false],
    ['alone', true],
  ])('%s, comes back as it was, over changed collections and over none', async (_title, alone) => {
    const before = await content();
    const store = storeOf(alone);
    const file = await workplace.save(store);
    expect([store.writesWaitedMs === undefined, await readdir(workplace.dir)]).toEqual([
      alone,
      ['shop.backup'],
    ]);
    await users().deleteMany({});
    await orders().updateMany({}, { $set: { changed: true } });
    await client.db(databases[1]).collection('later').insertOne({ a: 1 });
    await workplace.restore(file, store);
    expect(await content()).toEqual(before);
    for (const name of databases) await client.db(name).dropDatabase();
    await workplace.restore(file, store);
    expect(await content()).toEqual(before);
    const names = await Promise.all(
      databases.map((name) => client.db(name).listCollections().toArray()),
    );
    expect(names.flat().map(({ name }) => name)).toEqual(['customerOrder', 'customers']);
  });

  it('sends the orders again that were being shipped', async () => {
    const [_id, other] = [new BSON.ObjectId(), new BSON.ObjectId()];
    const sent = { shipmentSent: true, unfinished: false, touched: new Date() };
    await orders().insertMany([
      { _id, status: 'SHIPPING', ...sent },
      { _id: other, status: 'SHIPPED', ...sent },
    ]);
    const store = storeOf(true);
    await workplace.restore(await workplace.save(store), store);
    expect(store.reopened).toBe(1);
    const again = { shipmentSent: false, unfinished: true, touched: new Date(0) };
    expect(await orders().findOne({ _id })).toEqual({ _id, status: 'SHIPPING', ...again });
    expect(await orders().findOne({ _id: other })).toEqual({
      _id: other,
      status: 'SHIPPED',
      ...sent,
    });
  });

  it('is of one moment, over collections and databases, while the shop writes', async () => {
    const [a, b] = [new BSON.ObjectId(), new BSON.ObjectId()];
    await orders().insertOne({ _id: a, n: 0 });
    await users().insertOne({ _id: b, n: 0 });
    // Two documents cannot change at once: at every moment the first is as far as the second, or one ahead.
    const move = async (): Promise<void> => {
      await orders().updateOne({ _id: a }, { $inc: { n: 1 } });
      await users().updateOne({ _id: b }, { $inc: { n: 1 } });
    };
    const store = storeOf(false);
    await workplace.restore(await whileMoving(move, () => workplace.save(store)), store);
    const [first, second] = [await orders().findOne({ _id: a }), await users().findOne({ _id: b })];
    const ahead = BSON.EJSON.stringify({ by: Number(first?.['n']) - Number(second?.['n']) });
    expect(['{"by":0}', '{"by":1}']).toContain(ahead);
  });

  it('leaves the data alone when loading it fails', async () => {
    const before = await content();
    const store = storeOf(true);
    async function* broken(): AsyncGenerator<Entry> {
      yield* store.save();
      const _id = new BSON.ObjectId();
      yield { row: { _id } };
      yield { row: { _id } };
    }
    const file = await workplace.write(broken());
    await expect(workplace.restore(file, store)).rejects.toThrow(/duplicate key|E11000/);
    await workplace.cleanedUp();
    expect(await content()).toEqual(before);
    const names = await Promise.all(
      databases.map((name) => client.db(name).listCollections().toArray()),
    );
    expect(
      names
        .flat()
        .map(({ name }) => name)
        .filter((name) => name.startsWith('restoring')),
    ).toEqual([]);
  });
});
