import { MongoClient, ObjectId } from 'mongodb';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import type { BenchShop } from './bench-shop.ts';
import { add, customerWith, ORDER, signUp } from './journeys.ts';

const BATCH = 1000;

/**
 * Gives a new customer so many orders: the first one goes through the shop, and the store gets copies of it, each a second older.
 */
export async function seedOrders(bench: BenchShop, orders: number): Promise<void> {
  const since = new Date();
  const [sock] = bench.facts.socks;
  await bench.drive({
    connections: 1,
    seconds: 0,
    session: `seed-${orders}`,
    variants: [[...signUp(customerWith(orders)), add(sock?.id ?? ''), ORDER]],
  });
  await bench.shipped(since);
  const { shop } = bench;
  if (shop.way === 'embedded') copyInSqlite(join(shop.dir, 'orders.db'), orders - 1);
  else await copyInMongo(shop.part('mongodb').url ?? '', orders - 1);
}

interface OrderDocument {
  _id: ObjectId;
  date: Date;
  shipment: { _id: string; name: string };
}

async function copyInMongo(url: string, copies: number): Promise<void> {
  const client = new MongoClient(url, { directConnection: true });
  try {
    const orders = client.db('data').collection<OrderDocument>('customerOrder');
    const newest = await orders.findOne({}, { sort: { date: -1, _id: -1 } });
    if (!newest) throw new Error('the order that was placed is not in the store');
    for (let done = 0; done < copies; done += BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, copies - done) }, (_, index) => ({
        ...newest,
        _id: new ObjectId(),
        date: new Date(newest.date.getTime() - (done + index + 1) * 1000),
        shipment: { ...newest.shipment, _id: randomUUID() },
      }));
      await orders.insertMany(batch, { ordered: false });
    }
  } finally {
    await client.close();
  }
}

/** Keeps all columns that it does not know. */
function copyInSqlite(file: string, copies: number): void {
  const database = new DatabaseSync(file, { timeout: 10_000 });
  try {
    const newest = database
      .prepare('SELECT * FROM customer_order ORDER BY date DESC LIMIT 1')
      .get();
    if (!newest) throw new Error('the order that was placed is not in the store');
    const columns = Object.keys(newest);
    const insert = database.prepare(
      `INSERT INTO customer_order (${columns.join()}) VALUES (${columns.map(() => '?').join()})`,
    );
    database.exec('BEGIN IMMEDIATE');
    for (let nth = 1; nth <= copies; nth++) {
      const own: Record<string, SQLOutputValue> = {
        id: randomBytes(12).toString('hex'),
        shipment_id: randomUUID(),
        idempotency_key: null,
        date: Number(newest['date']) - nth * 1000,
      };
      insert.run(...columns.map((column) => own[column] ?? newest[column] ?? null));
    }
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}
