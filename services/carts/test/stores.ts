import { describe } from '@jest/globals';
import { JsonLog } from '@sockshop/service';
import type { Telemetry } from '@sockshop/telemetry';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { CartStore } from '../src/cart-store.ts';
import { MongoCartStore } from '../src/cart-store.mongo.ts';
import { SqliteCartStore } from '../src/cart-store.sqlite.ts';

const mongoUrl = process.env['TEST_MONGO_URL'];

/** Every adapter of the port; a database of its own for each run. */
export const ADAPTERS = [
  { name: 'SQLite', suite: describe, url: () => 'sqlite::memory:' },
  {
    name: 'MongoDB',
    suite: mongoUrl === undefined ? describe.skip : describe,
    url: () => `${mongoUrl ?? 'mongodb://127.0.0.1:1/'}carts_${randomUUID().replaceAll('-', '')}`,
  },
];

/** A store that answers. */
export async function openStore(url: string, telemetry: Telemetry): Promise<CartStore> {
  const store = url.startsWith('sqlite:')
    ? new SqliteCartStore(url, telemetry)
    : new MongoCartStore(url, telemetry, new JsonLog('carts', 'error'));
  while (
    !(await store.ping().then(
      () => true,
      () => false,
    ))
  )
    await wait(20);
  return store;
}
