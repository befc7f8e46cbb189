import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { mysql } from '@sockshop/testing/real-servers';
import { createConnection } from 'mysql2/promise';

/** The test's own database. */
export interface TestDatabase {
  readonly url: string;
  /** Runs a statement on another connection. */
  execute(...statements: string[]): Promise<void>;
  /** Returns all rows of a query. */
  rows(sql: string): Promise<Record<string, unknown>[]>;
  remove(): Promise<void>;
}

export async function sqliteDatabase(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'catalogue-'));
  const path = join(folder, 'deeper', 'catalogue.db');
  const withFile = <T>(work: (file: DatabaseSync) => T): Promise<T> => {
    const file = new DatabaseSync(path);
    try {
      return Promise.resolve(work(file));
    } finally {
      file.close();
    }
  };
  return {
    url: `sqlite:${path}`,
    execute: (...statements) =>
      withFile((file) => {
        for (const statement of statements) file.exec(statement);
      }),
    rows: (sql) => withFile((file) => file.prepare(sql).all()),
    remove: () => rm(folder, { recursive: true }),
  };
}

/** On a real MySQL. The service creates the database. */
export function mysqlDatabase(database: string): Promise<TestDatabase> {
  const query = async (statements: string[], chosen?: string) => {
    const connection = await createConnection({
      uri: mysql.url,
      ...(chosen !== undefined && { database: chosen }),
    });
    try {
      let rows: unknown;
      for (const statement of statements) [rows] = await connection.query(statement);
      return rows as Record<string, unknown>[]; // of a SELECT
    } finally {
      await connection.end();
    }
  };
  return Promise.resolve({
    url: new URL(database, mysql.url).href,
    execute: async (...statements) => {
      await query(statements, database);
    },
    rows: (sql) => query([sql], database),
    remove: async () => {
      await query([`DROP DATABASE IF EXISTS ${database}`]);
    },
  });
}
