import { type JsonLog, makeFolder } from '@sockshop/service';
import { dirname } from 'node:path';
import { DataSource, type DataSourceOptions, type Logger } from 'typeorm';
import { CreateTables1480000000000 } from './create-tables.migration.ts';
import type { DatabaseAddress } from './database-url.ts';
import { CONNECT_MS, tlsOptions } from './mysql.ts';
import { NodeSqlite } from './node-sqlite.ts';
import { Sock } from './sock.entity.ts';
import { Tag } from './tag.entity.ts';

/** Milliseconds. A longer query is logged, and MySQL cancels it. */
const QUERY_MS = 2000;
/** How long SQLite waits for another process's lock, in milliseconds. */
const LOCK_MS = 1000;
/** Most connections, and most requests that wait for one. */
const POOL = 10;
const QUEUE = 200;

/** Returns an unconnected data source for MySQL or SQLite, with the same entities and migration. */
export async function dataSource(address: DatabaseAddress, log: JsonLog): Promise<DataSource> {
  const common = {
    entities: [Sock, Tag],
    migrations: [CreateTables1480000000000],
    migrationsTransactionMode: 'each' as const,
    maxQueryExecutionTime: QUERY_MS,
    logger: logger(log),
  } satisfies Partial<DataSourceOptions>;
  if (address.type === 'sqlite') {
    if (address.path !== ':memory:') makeFolder(dirname(address.path)); // TypeORM's own way never returns below /proc
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
    driver: await import('mysql2'), // which the embedded shop does not need, and TypeORM would load by a name that no one can follow
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

/** Spans contain all queries; the log contains slow ones only, without their values. */
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
