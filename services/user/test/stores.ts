import { JsonLog } from '@sockshop/service';
import type { Telemetry } from '@sockshop/telemetry';
import { until } from '@sockshop/testing';
import { storeAdapters } from '@sockshop/testing/real-servers';
import { MongoUserStore } from '../src/user-store.mongo.ts';
import { SqliteUserStore } from '../src/user-store.sqlite.ts';
import type { UserStore } from '../src/user-store.ts';

/** Every adapter of the port. */
export const ADAPTERS = storeAdapters('users');

/** Opens a store and waits until it responds. */
export async function openStore(url: string, telemetry: Telemetry): Promise<UserStore> {
  const store = url.startsWith('sqlite:')
    ? new SqliteUserStore(url, telemetry)
    : new MongoUserStore(url, telemetry, new JsonLog('user', 'error'));
  await until(() => store.ping().then(() => true));
  return store;
}
