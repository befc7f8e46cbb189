import type { JsonLog } from '@sockshop/service';
import { DataSource, type DataSourceOptions, type Logger } from 'typeorm';
import { CreateTables1480000000000 } from './create-tables.migration.ts';
import type { DatabaseAddress } from './database-url.ts';
import { CONNECT_MS, tlsOptions } from './mysql.ts';
import { NodeSqlite } from './node-sqlite.ts';
import { Sock } from './sock.entity.ts';
import { Tag } from './tag.entity.ts';

/** Milliseconds; a query that takes longer is given up (MySQL) and logged. */
const QUERY_MS = 2000;
/** Milliseconds SQLite waits for another process's lock. */
const LOCK_MS = 1000;
/** Connections kept at most, and requests that may wait for one. */
const POOL = 10;
const QUEUE = 200;

/** TypeORM over MySQL or SQLite: the same entities, the same migration. Not connected yet. */
export function dataSource(address: DatabaseAddress, log: JsonLog): DataSource {
  const common = {
    entities: [Sock, Tag],
    migrations: [CreateTables1480000000000],
    migrationsTransactionMode: 'each' as const,
    maxQueryExecutionTime: QUERY_MS,
    logger: logger(log),
  } satisfies Partial<DataSourceOptions>;
  if (address.type === 'sqlite') {
    return new DataSource({
      ...common,
      type: 'better-sqlite3',
      driver: NodeSqlite,
      database: address.path,
      enableWAL: true,
      timeout: LOCK_MS,
    });
  }
  const { host, port, user, password, database } = address;
  return new DataSource({
    ...common,
    type: 'mysql',
    host,
    port,
    username: user,
    password,
    database,
    ...tlsOptions(address),
    connectTimeout: CONNECT_MS,
    enableQueryTimeout: true,
    poolSize: POOL,
    extra: { queueLimit: QUEUE },
  });
}

/** Queries are told by spans; the log keeps the slow ones, without their values. */
function logger(log: JsonLog): Logger {
  const nothing = () => undefined;
  return {
    logQuery: nothing,
    logQueryError: nothing,
    logSchemaBuild: nothing,
    logMigration: nothing,
    logQuerySlow: (milliseconds, query) => {
      log.warn('slow query', { milliseconds, query });
    },
    log: (level, message: unknown) => {
      if (level === 'warn') log.warn('database driver', { text: String(message) });
    },
  };
}
