import { DatabaseSync, type StatementSync } from 'node:sqlite';

/**
 * Node's own SQLite behind the methods of better-sqlite3 that TypeORM calls: the install compiles and downloads nothing. TypeORM
 * gets it as the `driver` of its `better-sqlite3` type.
 */
export class NodeSqlite {
  private readonly database: DatabaseSync;

  /** `timeout`: milliseconds to wait for another process's lock. */
  constructor(path: string, { timeout = 1000 }: { timeout?: number }) {
    this.database = new DatabaseSync(path, { timeout });
    // SQLite's own LOWER handles ASCII letters only; MySQL's handles all.
    this.database.function('lower', { deterministic: true }, (text) =>
      typeof text === 'string' ? text.toLowerCase() : text,
    );
  }

  /** `reader`: whether the statement returns rows. */
  prepare(sql: string): StatementSync & { reader: boolean } {
    const statement = this.database.prepare(sql);
    return Object.assign(statement, { reader: statement.columns().length > 0 });
  }

  pragma(text: string): unknown[] {
    return this.database.prepare(`PRAGMA ${text}`).all();
  }

  close(): void {
    this.database.close();
  }
}
