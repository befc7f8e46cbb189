import { type Connection as StreamingConnection, createConnection as streaming } from 'mysql2';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import type { Entry, FreshPlace, Row, Store, Table } from './store.ts';
import { exact, plain } from './values.ts';

/** Ends of the names of the databases that hold what a restore loads, and what it has replaced, until both are dropped. */
const FRESH = '_restoring';
const REPLACED = '_replaced';

/** Texts and numbers of a row are those that the server needs to have the same row again. */
const EXACT = {
  dateStrings: true,
  supportBigNumbers: true,
  bigNumberStrings: true,
  jsonStrings: true,
  rowsAsArray: true,
};

/** Catalogue's database on a MariaDB or MySQL server. */
export class MysqlStore implements Store {
  readonly kind = 'mysql';

  /** `url` may name a database or none: `database` counts. */
  constructor(
    private readonly url: string,
    private readonly database = 'socksdb',
  ) {}

  /** One transaction: it lets the shop write, and sees nothing of it. */
  async *save(): AsyncGenerator<Entry> {
    const { url, database } = this;
    const connection = streaming({ uri: url, ...EXACT });
    connection.on('error', () => undefined); // the query under way rejects
    const ask = connection.promise();
    try {
      await ask.query("SET time_zone = '+00:00'");
      await ask.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      await ask.query('START TRANSACTION WITH CONSISTENT SNAPSHOT');
      for (const name of await tablesIn(ask, database)) {
        const columns = await columnsOf(ask, database, name);
        const [[, statement = ''] = []] = await texts(ask, 'SHOW CREATE TABLE ??.??', [
          database,
          name,
        ]);
        const made = [statement];
        yield { table: { store: 'mysql', database: database, name, columns, made } };
        for await (const row of rowsOf(connection, database, name, columns))
          yield { row: row.map(exact) };
      }
    } finally {
      connection.destroy();
    }
  }

  async freshPlace(): Promise<FreshPlace> {
    const connection = await createConnection({ uri: this.url, ...EXACT });
    const place = new FreshDatabase(connection, this.database);
    try {
      await place.open();
    } catch (error) {
      connection.destroy();
      throw error;
    }
    return place;
  }
}

/** Rows of texts. */
async function texts(
  connection: Connection,
  sql: string,
  values: readonly string[],
): Promise<string[][]> {
  const [rows] = await connection.query<RowDataPacket[]>(sql, [...values]);
  return rows as unknown as string[][]; // by `rowsAsArray`, and all that is asked for is text
}

async function tablesIn(connection: Connection, database: string): Promise<string[]> {
  const rows = await texts(
    connection,
    `SELECT table_name FROM information_schema.tables
     WHERE table_schema = ? AND table_type = 'BASE TABLE' ORDER BY table_name`,
    [database],
  );
  return rows.map(([name = '']) => name);
}

/** Those that can be written. */
async function columnsOf(
  connection: Connection,
  database: string,
  table: string,
): Promise<string[]> {
  const rows = await texts(
    connection,
    `SELECT column_name FROM information_schema.columns
     WHERE table_schema = ? AND table_name = ? AND extra NOT LIKE '%GENERATED%' ORDER BY ordinal_position`,
    [database, table],
  );
  return rows.map(([name = '']) => name);
}

/** By a prepared statement: the text of a float would have six digits only. */
function rowsOf(
  connection: StreamingConnection,
  database: string,
  table: string,
  columns: readonly string[],
): AsyncIterable<unknown[]> {
  const from = `${quoted(database)}.${quoted(table)}`;
  return connection.execute(`SELECT ${columns.map(quoted).join(', ')} FROM ${from}`).stream();
}

/** A database beside the shop's; its tables take the place of the shop's in one statement. */
class FreshDatabase implements FreshPlace {
  private insert = '';

  private readonly fresh: string;
  private readonly replaced: string;

  constructor(
    private readonly connection: Connection,
    private readonly database: string,
  ) {
    this.fresh = database + FRESH;
    this.replaced = database + REPLACED;
  }

  async open(): Promise<void> {
    const { connection } = this;
    await connection.query(
      "SET time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO'",
    );
    await this.remake(this.fresh);
    await connection.query(`USE ${quoted(this.fresh)}`);
  }

  async begin({ name, columns = [], made = [] }: Table): Promise<void> {
    // Tables come by their names: one may refer to another that is still to come.
    await this.connection.query('SET foreign_key_checks = 0');
    for (const statement of made) await this.connection.query(statement);
    this.insert = `INSERT INTO ${quoted(name)} (${columns.map(quoted).join(', ')}) VALUES ?`;
  }

  async add(rows: readonly Row[]): Promise<void> {
    const values = rows.map((row) => (row as unknown[]).map(toParameter)); // as `rowsOf` gave it
    await this.connection.query(this.insert, [values]);
  }

  async swap(): Promise<void> {
    const { connection, database, fresh, replaced } = this;
    await connection.query(
      `CREATE DATABASE IF NOT EXISTS ${quoted(database)} CHARACTER SET utf8mb4`,
    );
    await this.remake(replaced);
    await connection.query('SET foreign_key_checks = 1'); // so that references follow their tables
    const out = (await tablesIn(connection, database)).map(moved(database, replaced));
    const here = (await tablesIn(connection, fresh)).map(moved(fresh, database));
    const all = [...out, ...here];
    if (all.length > 0) await connection.query(`RENAME TABLE ${all.join(', ')}`);
    await this.discard();
  }

  /** The second time there is no connection any more. */
  async discard(): Promise<void> {
    try {
      await this.connection.query('SET foreign_key_checks = 0');
      for (const name of [this.fresh, this.replaced])
        await this.connection.query(`DROP DATABASE IF EXISTS ${quoted(name)}`);
    } catch {
      // The next restore begins by dropping them.
    }
    this.connection.destroy();
  }

  private async remake(name: string): Promise<void> {
    await this.connection.query(`DROP DATABASE IF EXISTS ${quoted(name)}`);
    await this.connection.query(`CREATE DATABASE ${quoted(name)} CHARACTER SET utf8mb4`);
  }
}

function moved(from: string, to: string): (table: string) => string {
  return (table) => `${quoted(from)}.${quoted(table)} TO ${quoted(to)}.${quoted(table)}`;
}

function toParameter(value: unknown): string | number | Buffer | null {
  const sql = plain(value);
  if (typeof sql === 'bigint') return String(sql);
  return sql instanceof Uint8Array ? Buffer.from(sql) : sql;
}

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
