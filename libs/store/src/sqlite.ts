import type { Telemetry } from '@sockshop/telemetry';
import { DatabaseCalls } from '@sockshop/tracing/database';
import {
  DatabaseSync,
  type SQLInputValue,
  type SQLOutputValue,
  type StatementSync,
} from 'node:sqlite';
import { makePrivateFile } from './private-file.ts';

/** A row by column name. */
export type Row = Record<string, SQLOutputValue>;

/**
 * The embedded way's store: one SQLite file with Node's own driver. Every statement is prepared once and has an INTERNAL span, because
 * a CLIENT span would draw an edge to a database server.
 */
export class Sqlite {
  private readonly database: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();
  private readonly calls: DatabaseCalls;

  /** `url` is `sqlite:PATH` or `sqlite::memory:`; missing folders are made. `schema` must be idempotent. */
  constructor(
    url: string,
    private readonly name: string,
    telemetry: Telemetry,
    schema: string,
  ) {
    const path = url.replace(/^sqlite:(\/\/(?=\/))?/, '');
    if (path !== ':memory:') makePrivateFile(path);
    this.database = opened(path, schema);
    this.calls = new DatabaseCalls(telemetry, {
      system: 'sqlite',
      ended: (operation) => {
        telemetry.metrics.observeDb(operation.seconds, operation);
      },
    });
  }

  /** All rows. `summary` names the span: the verb and the table, `SELECT cart_item`. */
  all(summary: string, sql: string, ...values: SQLInputValue[]): Row[] {
    return this.traced(summary, sql, (statement) => statement.all(...values));
  }

  /** The first row. */
  get(summary: string, sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.traced(summary, sql, (statement) => statement.get(...values));
  }

  /** Runs a statement that changes rows. Returns how many it changed. */
  run(summary: string, sql: string, ...values: SQLInputValue[]): number {
    return this.traced(summary, sql, (statement) => Number(statement.run(...values).changes));
  }

  /** Commits all of `work` or nothing. `work` is synchronous: during a wait, other work would run inside the transaction. */
  transaction<T>(work: () => T): T {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.database.exec('COMMIT');
      return result;
    } catch (error) {
      // Some failures (a full disk, `OR ROLLBACK`) have ended the transaction already; a second end would hide the first error.
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Rejects unless the file can be read. */
  ping(): Promise<void> {
    return new Promise((resolve) => {
      this.statement('SELECT 1').get();
      resolve();
    });
  }

  close(): void {
    this.statements.clear();
    this.database.close();
  }

  private statement(sql: string): StatementSync {
    const known = this.statements.get(sql) ?? this.database.prepare(sql);
    this.statements.set(sql, known);
    return known;
  }

  private traced<T>(summary: string, sql: string, work: (statement: StatementSync) => T): T {
    const [operation = summary, collection] = summary.split(' ');
    const call = this.calls.begin({ namespace: this.name, operation, collection, text: sql });
    let result: T;
    try {
      result = work(this.statement(sql));
    } catch (error) {
      call.failed(error);
      throw error;
    }
    call.succeeded();
    return result;
  }
}

/** SQLite's own errors do not say which file they are about. */
function opened(path: string, schema: string): DatabaseSync {
  try {
    const database = new DatabaseSync(path, { timeout: 1000 });
    // A crash may lose the last commits, never their order; enough for a learner's machine.
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -1000;',
    );
    database.exec(schema);
    return database;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`the database ${path} cannot be used: ${why}`, { cause: error });
  }
}
