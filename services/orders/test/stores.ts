import { JsonLog } from '@sockshop/service';
import type { Telemetry } from '@sockshop/telemetry';
import { randomBytes, randomUUID } from 'node:crypto';
import { until } from '@sockshop/testing';
import { storeAdapters } from '@sockshop/testing/real-servers';
import type { NewOrder, OrderStore } from '../src/order-store.ts';
import { MongoOrderStore } from '../src/order-store.mongo.ts';
import { SqliteOrderStore } from '../src/order-store.sqlite.ts';

/** Every adapter of the port. */
export const ADAPTERS = storeAdapters('orders');

/** Opens a store and waits until it responds. */
export async function openStore(url: string, telemetry: Telemetry): Promise<OrderStore> {
  const store = url.startsWith('sqlite:')
    ? new SqliteOrderStore(url, telemetry)
    : new MongoOrderStore(url, telemetry, new JsonLog('orders', 'error'));
  await until(() => store.ping().then(() => true));
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
