import { afterAll, describe } from '@jest/globals';
import { JsonLog } from '@sockshop/service';
import type { Telemetry } from '@sockshop/telemetry';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@sockshop/testing';
import type { NewOrder, OrderStore } from '../src/order-store.ts';
import { MongoOrderStore } from '../src/order-store.mongo.ts';
import { SqliteOrderStore } from '../src/order-store.sqlite.ts';

const mongoUrl = process.env['TEST_MONGO_URL'];
const folder = mkdtempSync(join(tmpdir(), 'orders-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Every adapter of the port; each URL a database of its own, which outlives a store that is closed. */
export const ADAPTERS = [
  { name: 'SQLite', suite: describe, url: () => `sqlite:${join(folder, `${randomUUID()}.db`)}` },
  {
    name: 'MongoDB',
    suite: mongoUrl === undefined ? describe.skip : describe,
    url: () => `${mongoUrl ?? 'mongodb://127.0.0.1:1/'}orders_${randomUUID().replaceAll('-', '')}`,
  },
];

/** A store that answers. */
export async function openStore(url: string, telemetry: Telemetry): Promise<OrderStore> {
  const store = url.startsWith('sqlite:')
    ? new SqliteOrderStore(url, telemetry)
    : new MongoOrderStore(url, telemetry, new JsonLog('orders', 'error'));
  await until(() =>
    store.ping().then(
      () => true,
      () => false,
    ),
  );
  return store;
}

/** Two pairs of socks, shipping included. */
export function anOrder(changes: Partial<NewOrder> = {}): NewOrder {
  const customerId = changes.customerId ?? randomBytes(12).toString('hex');
  return {
    id: randomBytes(12).toString('hex'),
    customerId,
    customer: { firstName: 'User', lastName: 'Name', username: 'user' },
    address: {
      number: '246',
      street: 'Whitelees Road',
      city: 'Glasgow',
      postcode: 'G67 3DL',
      country: 'United Kingdom',
    },
    card: { longNum: '************5918', expires: '08/19', ccv: '***' },
    items: [{ id: randomBytes(12).toString('hex'), itemId: 'sock-a', quantity: 2, unitPrice: 18 }],
    shipment: { id: randomUUID(), name: customerId },
    date: new Date(),
    total: 40.99,
    cartId: customerId,
    ...changes,
  };
}
