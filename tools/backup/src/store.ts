import { CommandError } from '@sockshop/cli';

/** Which ways of running the shop have a backup. */
export type WayName = 'embedded' | 'distributed';

/** A table, a collection or a file. */
export interface Table {
  readonly store: 'sqlite' | 'mysql' | 'mongo' | 'file';
  /** The database it is in; of SQLite the file's name without `.db`. */
  readonly database: string;
  readonly name: string;
  /** Of a row's values, in their order; of SQL only. */
  readonly columns?: readonly string[];
  /** The SQL statements that make it, empty. */
  readonly made?: readonly string[];
}

/** Values by column in SQL, a document in MongoDB, one value in a file. Numbers and dates are those of `BSON.EJSON`. */
export type Row = unknown;

export type Entry = { readonly table: Table } | { readonly row: Row };

/** Something that keeps data of the shop. */
export interface Store {
  readonly kind: Table['store'];
  /** All it keeps, as of one moment: each table, then its rows. */
  save(): AsyncIterable<Entry>;
  /** Room for other data, beside those it keeps. What an earlier restore may have left there is gone. */
  freshPlace(): Promise<FreshPlace>;
}

/** Takes the data of a backup; those that the store keeps stay untouched until `swap`. */
export interface FreshPlace {
  begin(table: Table): Promise<void>;
  /** Rows of the table begun last. */
  add(rows: readonly Row[]): Promise<void>;
  /** Puts what was loaded in the place of all the store kept. */
  swap(): Promise<void>;
  /** Forgets what was loaded; does nothing after `swap`. */
  discard(): Promise<void>;
}

/** Nothing was saved or restored; the message is one sentence, or two, for the person who asked. */
export class BackupError extends CommandError {
  override readonly name = 'BackupError';
}
