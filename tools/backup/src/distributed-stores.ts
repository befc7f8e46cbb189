import { fileProblem } from '@sockshop/cli';
import { secretOf } from '@sockshop/secrets';
import { startMariadb, startMongodb } from '@sockshop/servers';
import {
  type OnSpawn,
  readState,
  runs,
  type Say,
  type State,
  writeState,
} from '@sockshop/supervisor';
import { join } from 'node:path';
import { claim } from './claim.ts';
import { KeyFileStore } from './key-file-store.ts';
import { MongoStore } from './mongo-store.ts';
import { MysqlStore } from './mysql-store.ts';
import { BackupError, type Store } from './store.ts';

interface Options {
  /** Of state.json and distributed/. */
  readonly dir: string;
  readonly aside: string;
  readonly say: Say;
  readonly cleanUp: (how: () => Promise<void>) => void;
}

/** The stores of the shop that runs; of one that does not, after its servers are started for us alone. */
export async function distributedStores(options: Options): Promise<Store[]> {
  const state = readState(options.dir);
  if (state?.way !== 'distributed' || !runs(state.launcher)) return storesAlone(options);
  const urls = {
    mysql: urlOf(state, 'mariadb', 'MYSQL_URL'),
    mongo: urlOf(state, 'mongodb', 'MONGO_URL'),
  };
  const served = state.parts.some(({ kind }) => kind === 'service');
  if (!urls.mysql || !urls.mongo || !served)
    throw new BackupError(
      'The shop is starting, or another backup is at work: try again in a moment.',
    );
  return stores(options, { mysql: urls.mysql, mongo: urls.mongo }, false);
}

/** Their servers are started for us alone; those given by URL may serve others. @throws BackupError while the shop runs. */
export async function storesAlone(options: Options): Promise<Store[]> {
  const { dir, say, cleanUp } = options;
  const state = await claim(dir, 'distributed', options);
  const spawned: OnSpawn = (name, process) => {
    state.parts.push({ name, kind: 'server', process });
    writeState(dir, state);
  };
  const start = (name: 'mariadb' | 'mongodb') => {
    const own = { dir: join(dir, 'distributed', name), say, spawned };
    return name === 'mariadb' ? startMariadb(own) : startMongodb(own);
  };
  const started = await Promise.allSettled([start('mariadb'), start('mongodb')]);
  for (const server of started)
    if (server.status === 'fulfilled') cleanUp(() => server.value.stop());
  const [mysql, mongo] = started.map((server) => {
    if (server.status === 'fulfilled') return server.value;
    const { reason } = server as { reason: unknown }; // the library's type is any
    const why = fileProblem(reason) ?? (reason instanceof Error ? reason.message : String(reason));
    throw new BackupError(why, { cause: reason });
  });
  if (!mysql || !mongo) throw new TypeError('two servers were started');
  const alone = mongo.pid !== undefined;
  return stores(options, { mysql: mysql.url, mongo: mongo.url }, alone);
}

function stores(
  { dir, aside, cleanUp }: Options,
  { mysql, mongo }: { mysql: string; mongo: string },
  alone: boolean,
): Store[] {
  return [
    new MysqlStore(mysql),
    new MongoStore({ url: mongo, alone, aside, cleanUp }),
    new KeyFileStore(join(dir, 'distributed', 'session.key')),
  ];
}

/** The state has no password of a server that was given by URL: the variable has. */
function urlOf(
  { parts }: State,
  name: string,
  variable: 'MYSQL_URL' | 'MONGO_URL',
): string | undefined {
  const { process: own, url } = parts.find((part) => part.name === name) ?? {};
  const given = secretOf(variable) ?? '';
  return own || given === '' ? url : given;
}
