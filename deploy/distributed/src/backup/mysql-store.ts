import { type Connection as StreamingConnection, createConnection as streaming } from 'mysql2';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import type { Entry, FreshPlace, Row, Store, Table } from './store.ts';
import { plain } from './values.ts';

const DATABASE = 'socksdb';
/** What a restore loads, and what it has replaced, until both are dropped. */
const FRESH = 'socksdb_restoring';
const REPLACED = 'socksdb_replaced';

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

  /** `url` may name a database or none. */
  constructor(private readonly url: string) {}

  /** One transaction: it lets the shop write, and sees nothing of it. */
  async *save(): AsyncGenerator<Entry> {
    const connection = streaming({ uri: this.url, ...EXACT });
    connection.on('error', () => undefined); // the query under way is told
    const ask = connection.promise();
    try {
      await ask.query("SET time_zone = '+00:00'");
      await ask.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      await ask.query('START TRANSACTION WITH CONSISTENT SNAPSHOT');
      for (const name of await tablesIn(ask, DATABASE)) {
        const columns = await columnsOf(ask, name);
        const [[, statement = ''] = []] = await texts(ask, 'SHOW CREATE TABLE ??.??', [
          DATABASE,
          name,
        ]);
        const made = [statement];
        yield { table: { store: 'mysql', database: DATABASE, name, columns, made } };
        for await (const row of rowsOf(connection, name, columns)) yield { row };
      }
    } finally {
      connection.destroy();
    }
  }

  async freshPlace(): Promise<FreshPlace> {
    const connection = await createConnection({ uri: this.url, ...EXACT });
    const place = new FreshDatabase(connection);
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
async function columnsOf(connection: Connection, table: string): Promise<string[]> {
  const rows = await texts(
    connection,
    `SELECT column_name FROM information_schema.columns
     WHERE table_schema = ? AND table_name = ? AND extra NOT LIKE '%GENERATED%' ORDER BY ordinal_position`,
    [DATABASE, table],
  );
  return rows.map(([name = '']) => name);
}

/** By a prepared statement: the text of a float would have six digits only. */
function rowsOf(
  connection: StreamingConnection,
  table: string,
  columns: readonly string[],
): AsyncIterable<Row> {
  const from = `${quoted(DATABASE)}.${quoted(table)}`;
  return connection.execute(`SELECT ${columns.map(quoted).join(', ')} FROM ${from}`).stream();
}

/** A database beside the shop's; its tables take the place of the shop's in one statement. */
class FreshDatabase implements FreshPlace {
  private insert = '';

  constructor(private readonly connection: Connection) {}

  async open(): Promise<void> {
    const { connection } = this;
    await connection.query(
      "SET time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO'",
    );
    await this.remake(FRESH);
    await connection.query(`USE ${FRESH}`);
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
    const { connection } = this;
    await connection.query(`CREATE DATABASE IF NOT EXISTS ${DATABASE} CHARACTER SET utf8mb4`);
    await this.remake(REPLACED);
    await connection.query('SET foreign_key_checks = 1'); // so that references follow their tables
    const away = (await tablesIn(connection, DATABASE)).map(moved(DATABASE, REPLACED));
    const here = (await tablesIn(connection, FRESH)).map(moved(FRESH, DATABASE));
    const all = [...away, ...here];
    if (all.length > 0) await connection.query(`RENAME TABLE ${all.join(', ')}`);
    await this.discard();
  }

  /** The second time there is no connection any more. */
  async discard(): Promise<void> {
    try {
      await this.connection.query('SET foreign_key_checks = 0');
      for (const name of [FRESH, REPLACED])
        await this.connection.query(`DROP DATABASE IF EXISTS ${name}`);
    } catch {
      // The next restore begins by dropping them.
    }
    this.connection.destroy();
  }

  private async remake(name: string): Promise<void> {
    await this.connection.query(`DROP DATABASE IF EXISTS ${name}`);
    await this.connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  }
}

function moved(from: string, to: string): (table: string) => string {
  return (table) => `${from}.${quoted(table)} TO ${to}.${quoted(table)}`;
}

function toParameter(value: unknown): string | number | Buffer | null {
  const sql = plain(value);
  if (typeof sql === 'bigint') return String(sql);
  return sql instanceof Uint8Array ? Buffer.from(sql) : sql;
}

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
