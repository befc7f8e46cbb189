import { afterAll, describe } from '@jest/globals';
import { JsonLog } from '@sockshop/service';
import type { Telemetry } from '@sockshop/telemetry';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { MongoUserStore } from '../src/user-store.mongo.ts';
import { SqliteUserStore } from '../src/user-store.sqlite.ts';
import type { UserStore } from '../src/user-store.ts';

const mongoUrl = process.env['TEST_MONGO_URL'];
export const withMongo = mongoUrl === undefined ? describe.skip : describe;

const folder = mkdtempSync(join(tmpdir(), 'user-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A database of its own. */
export function newMongoUrl(): string {
  const url = new URL(mongoUrl ?? 'mongodb://127.0.0.1:1/');
  url.pathname = `/users_${randomUUID().replaceAll('-', '')}`;
  return url.href;
}

/** Every adapter of the port; `url` names a new database at each call. */
export const ADAPTERS = [
  {
    name: 'SQLite',
    suite: describe,
    url: () => `sqlite:${join(folder, randomUUID())}.db`,
  },
  { name: 'MongoDB', suite: withMongo, url: newMongoUrl },
];

/** A store that answers. */
export async function openStore(url: string, telemetry: Telemetry): Promise<UserStore> {
  const store = url.startsWith('sqlite:')
    ? new SqliteUserStore(url, telemetry)
    : new MongoUserStore(url, telemetry, new JsonLog('user', 'error'));
  await until(() =>
    store.ping().then(
      () => true,
      () => false,
    ),
  );
  return store;
}

export async function until(fact: () => Promise<boolean>): Promise<void> {
  while (!(await fact())) await wait(20);
}
