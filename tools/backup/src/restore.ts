import { secretOf } from '@sockshop/secrets';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { claim } from './claim.ts';
import type { Context } from './context.ts';
import { storesAlone } from './distributed-stores.ts';
import { KeyFileStore } from './key-file-store.ts';
import { MongoStore } from './mongo-store.ts';
import type { BackupOptions } from './options.ts';
import { loadBackup } from './load-backup.ts';
import { verifyBackup } from './read-backup.ts';
import { SqliteStore } from './sqlite-store.ts';
import { BackupError, type Store } from './store.ts';
import { summary } from './summary.ts';

/** One of them is in each folder of a shop that has run. */
const MARKS = ['session.key', 'sock-shop.log'];

/**
 * Puts a backup in the place of all that a stopped shop keeps. Until all of it is loaded, beside, nothing changes. `yes`: also into servers
 * given by URL. @throws BackupError
 */
export async function restore(
  options: BackupOptions,
  yes: boolean,
  context: Context,
): Promise<void> {
  const { file, dir } = options;
  const { say, cleanUp } = context;
  const startedAt = Date.now();
  const { way, takenAt, totals } = await verifyBackup(file);
  if (options.way && options.way !== way)
    throw new BackupError(
      `The backup is of the ${way} shop; its data do not fit the ${options.way} one.`,
    );
  let unlock = (): void => undefined;
  let stores: Store[];
  if (way === 'embedded') {
    refuseForeignFolder(options.data);
    await claim(options.data, way, context);
    [stores, unlock] = embeddedStores(options);
    const end = unlock;
    cleanUp(() => Promise.resolve().then(end));
  } else {
    if (!yes) refuseGivenServers();
    stores = await storesAlone({ dir, aside: '', say, cleanUp });
  }
  const places = await loadBackup(file, stores, cleanUp);
  context.finishing();
  unlock();
  for (const place of places) await place.swap();
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  say(`Restored the ${way} shop as of ${takenAt}: ${summary(totals)}`);
  const reopened = stores.find((store) => store instanceof MongoStore)?.reopened ?? 0;
  if (reopened > 0)
    say(`${reopened} orders were on their way then: they are sent again at the next start`);
  say(`Done in ${seconds} s`);
}

/** Any program may have a `user.db`: one that is no shop's must not be replaced. */
function refuseForeignFolder(data: string): void {
  const isThere = (name: string): boolean => existsSync(join(data, name));
  if (new SqliteStore(data).isEmpty() || MARKS.some(isThere)) return;
  throw new BackupError(
    `${data} has databases, but neither of ${MARKS.join(' and ')}: they may not be a shop's, and are not replaced.`,
  );
}

/** With what keeps a service that is run alone from opening them meanwhile. */
function embeddedStores({ data }: BackupOptions): [Store[], () => void] {
  const databases = new SqliteStore(data);
  const unlock = databases.lock();
  if (!unlock) throw new BackupError(`A service is running on ${data}. Stop it first with Ctrl-C.`);
  return [[databases, new KeyFileStore(join(data, 'session.key'))], unlock];
}

function refuseGivenServers(): void {
  const given = (['MYSQL_URL', 'MONGO_URL'] as const).filter((name) => secretOf(name));
  if (given.length === 0) return;
  throw new BackupError(
    `All data of the shop on the server in ${given.join(' and ')} would be replaced: stop whatever uses them, then say --yes.`,
  );
}
