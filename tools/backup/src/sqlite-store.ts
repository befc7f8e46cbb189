import { startOrder } from '@sockshop/parts';
import { chmodSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { BSON } from 'mongodb';
import {
  BackupError,
  type Entry,
  type FreshPlace,
  type Row,
  type Store,
  type Table,
} from './store.ts';
import { exact, plain } from './values.ts';

/**
 * Their snapshots are taken in this order, callers first. An order is not older than the cart it came from and the customer who gave it: lines
 * that left the cart in between are taken out of it once more by orders, which carts knows to ignore.
 */
const DATABASES = startOrder()
  .reverse()
  .filter(({ database }) => database)
  .map(({ name }) => name);

const SQLITE_BUSY = 5;
/** What SQLite keeps beside a database in use. */
const COMPANIONS = ['-wal', '-shm', '-journal'];

/** The embedded way's files, one for each service with a database. */
export class SqliteStore implements Store {
  readonly kind = 'sqlite';

  constructor(private readonly dir: string) {}

  /** One read transaction for each file: they let the shop write, and see nothing of it. */
  async *save(): AsyncGenerator<Entry> {
    const open = this.files()
      .filter(({ path }) => existsSync(path))
      .map(({ name, path }) => ({ name, path, database: opened(path, 5000) }));
    try {
      for (const { path, database } of open)
        named(path, () => {
          database.exec('BEGIN; SELECT 1 FROM sqlite_schema'); // the snapshot is taken by the first read
        });
      for (const { name, database } of open) yield* tables(name, database);
    } finally {
      for (const { database } of open) database.close();
    }
    await Promise.resolve(); // node:sqlite has nothing to wait for
  }

  isEmpty(): boolean {
    return !this.files().some(({ path }) => existsSync(path));
  }

  freshPlace(): Promise<FreshPlace> {
    const place = new FreshFiles(this.files());
    return place.discard().then(() => place);
  }

  /**
   * Keeps every other process from opening the files, until the answer is called; undefined where one has them open. A shop that was killed
   * has nothing open: there is no lock file that could be left behind.
   */
  lock(): (() => void) | undefined {
    const locked: DatabaseSync[] = [];
    const unlock = (): void => {
      for (const database of locked) if (database.isOpen) database.close();
    };
    for (const { path } of this.files().filter(({ path }) => existsSync(path))) {
      const database = opened(path, 0);
      locked.push(database);
      try {
        // Each connection to a file in WAL mode holds a shared lock; this asks for an exclusive one.
        database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT');
      } catch (error) {
        if (!isBusy(error)) continue; // too broken to be open anywhere: a restore may be meant to mend it
        unlock();
        return undefined;
      }
    }
    return unlock;
  }

  private files(): File[] {
    return DATABASES.map((name) => ({ name, path: join(this.dir, `${name}.db`) }));
  }
}

interface File {
  readonly name: string;
  readonly path: string;
}

function opened(path: string, timeout: number): DatabaseSync {
  return named(path, () => new DatabaseSync(path, { timeout }));
}

/** SQLite's errors do not say which file they are about. */
function named<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BackupError(`${path} cannot be read: ${why}.`, { cause: error });
  }
}

function isBusy(error: unknown): boolean {
  const known = typeof error === 'object' && error !== null && 'errcode' in error;
  return known && Number(error.errcode) % 256 === SQLITE_BUSY; // the rest of an extended code says of what kind
}

function* tables(file: string, database: DatabaseSync): Generator<Entry> {
  const made = database.prepare(
    `SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid`,
  );
  const indexes = database.prepare(
    `SELECT sql FROM sqlite_schema WHERE tbl_name = ? AND type <> 'table' AND sql IS NOT NULL ORDER BY rowid`,
  );
  for (const { name, sql } of made.all()) {
    const table = String(name);
    // In the order of adding, which lists of the shop go by.
    const rows = database.prepare(`SELECT * FROM ${quoted(table)} ORDER BY rowid`);
    rows.setReadBigInts(true); // tells INTEGER from REAL
    rows.setReturnArrays(true);
    const columns = rows.columns().map((column) => String(column.column));
    const statements = [sql, ...indexes.all(table).map((index) => index['sql'])].map(String);
    yield { table: { store: 'sqlite', database: file, name: table, columns, made: statements } };
    for (const row of rows.iterate()) {
      const values = row as unknown as SQLOutputValue[]; // setReturnArrays
      yield {
        row: values.map((value) =>
          typeof value === 'number' ? new BSON.Double(value) : exact(value),
        ),
      };
    }
  }
}

/** Files beside the shop's, renamed when complete. */
class FreshFiles implements FreshPlace {
  private readonly loaded = new Map<string, DatabaseSync>();
  private insert: ((row: Row) => void) | undefined;

  constructor(private readonly files: readonly File[]) {}

  begin({ database: name, name: table, columns = [], made = [] }: Table): Promise<void> {
    const database = this.loaded.get(name) ?? this.make(name);
    for (const statement of made) database.exec(statement);
    const names = columns.map(quoted).join(', ');
    const marks = columns.map(() => '?').join(', ');
    const insert = database.prepare(`INSERT INTO ${quoted(table)} (${names}) VALUES (${marks})`);
    this.insert = (row) => insert.run(...(row as unknown[]).map(plain)); // as `tables` yielded it
    return Promise.resolve();
  }

  add(rows: readonly Row[]): Promise<void> {
    for (const row of rows) this.insert?.(row);
    return Promise.resolve();
  }

  swap(): Promise<void> {
    for (const database of this.loaded.values()) {
      database.exec('COMMIT');
      database.close(); // one file, on the disk
    }
    for (const { name, path } of this.files) {
      // What waits beside the old file belongs to it: SQLite would read it into the new one.
      for (const companion of COMPANIONS) rmSync(path + companion, { force: true });
      if (!this.loaded.has(name)) rmSync(path, { force: true });
      else renameSync(fresh(path), path);
    }
    this.loaded.clear();
    return Promise.resolve();
  }

  async discard(): Promise<void> {
    for (const database of this.loaded.values()) if (database.isOpen) database.close();
    this.loaded.clear();
    for (const { path } of this.files)
      for (const end of ['', ...COMPANIONS]) await rm(fresh(path) + end, { force: true });
  }

  private make(name: string): DatabaseSync {
    const path = this.files.find((file) => file.name === name)?.path;
    if (path === undefined) throw new TypeError(`the shop has no database ${name}`);
    // Rows come table by table: one may name another that is still to come.
    const database = new DatabaseSync(fresh(path), { enableForeignKeyConstraints: false });
    if (existsSync(path)) chmodSync(fresh(path), statSync(path).mode);
    this.loaded.set(name, database);
    database.exec('PRAGMA synchronous = FULL; BEGIN');
    return database;
  }
}

function fresh(path: string): string {
  return `${path}.restoring`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
