import { MongoClient } from 'mongodb';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OwnShop } from './own-shop.ts';

const OPEN = ['CREATED', 'PAID', 'SHIPPING'];
const POLL_MS = 250;

/**
 * Resolves once every order since this time is shipped and nothing is left to do for it. It asks the store, not a service: the questions
 * cost the shop next to nothing. @throws Error when nothing has moved for `stuckMs`, or the reason of `signal`
 */
export async function allShipped(
  shop: OwnShop,
  since: Date,
  { stuckMs = 60_000, signal }: { stuckMs?: number; signal?: AbortSignal } = {},
): Promise<void> {
  const store = storeOf(shop);
  try {
    let fewest = Infinity;
    let movedAt = performance.now();
    for (;;) {
      signal?.throwIfAborted();
      const left = await store.count(since);
      if (left === 0) return;
      if (left < fewest) movedAt = performance.now();
      fewest = Math.min(fewest, left);
      if (performance.now() - movedAt > stuckMs)
        throw new Error(`${left} orders are not shipped, and none of them in ${stuckMs / 1000} s`);
      await sleep(POLL_MS);
    }
  } finally {
    await store.close();
  }
}

interface OrderStore {
  count(since: Date): Promise<number>;
  close(): Promise<void>;
}

function storeOf(shop: OwnShop): OrderStore {
  return shop.way === 'embedded'
    ? sqliteStore(join(shop.dir, 'orders.db'))
    : mongoStore(shop.part('mongodb').url ?? '');
}

function sqliteStore(file: string): OrderStore {
  const database = new DatabaseSync(file, { readOnly: true });
  const question = database.prepare(
    `SELECT count(*) AS open FROM customer_order
     WHERE date >= ? AND (unfinished OR status IN (${OPEN.map(() => '?').join()}))`,
  );
  return {
    count: (since) => Promise.resolve(Number(question.get(since.getTime(), ...OPEN)?.['open'])),
    close: () => {
      database.close();
      return Promise.resolve();
    },
  };
}

function mongoStore(url: string): OrderStore {
  const client = new MongoClient(url, { directConnection: true });
  const orders = client.db('data').collection('customerOrder');
  const checkouts = client.db('data').collection('checkout');
  return {
    count: async (since) => {
      const [moving, checkoutsLeft] = await Promise.all([
        orders.countDocuments({ date: { $gte: since }, status: { $in: OPEN } }),
        checkouts.countDocuments({ unfinished: true }),
      ]);
      return moving + checkoutsLeft;
    },
    close: () => client.close(),
  };
}
