import { JsonLog } from '@sockshop/service';
import type { Telemetry } from '@sockshop/telemetry';
import { until } from '@sockshop/testing';
import { storeAdapters } from '@sockshop/testing/real-servers';
import type { CartStore, Keeping } from '../src/cart-store.ts';
import { MongoCartStore } from '../src/cart-store.mongo.ts';
import { SqliteCartStore } from '../src/cart-store.sqlite.ts';

/** Every adapter of the port. */
export const ADAPTERS = storeAdapters('carts');

/** Opens a store and waits until it responds. */
export async function openStore(
  url: string,
  telemetry: Telemetry,
  keeping: Keeping = { guestCartDays: 30 },
): Promise<CartStore> {
  const store = url.startsWith('sqlite:')
    ? new SqliteCartStore(url, keeping, telemetry)
    : new MongoCartStore(url, keeping, telemetry, new JsonLog('carts', 'error'));
  await until(() => store.ping().then(() => true));
  return store;
}
