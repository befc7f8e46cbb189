import { type Row, Sqlite } from '@sockshop/store/sqlite';
import type { Telemetry } from '@sockshop/telemetry';
import { newId, SqliteBelongings } from './belongings.sqlite.ts';
import { SEED } from './seed.ts';
import {
  type Account,
  type Address,
  type Card,
  type Customer,
  type CustomerWithIds,
  type NewCustomer,
  type StoredPassword,
  UserStore,
} from './user-store.ts';

/** Columns are named as on the wire. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS customers (
    id TEXT PRIMARY KEY,
    firstName TEXT NOT NULL,
    lastName TEXT NOT NULL,
    username TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL DEFAULT '',
    password TEXT NOT NULL,
    salt TEXT NOT NULL DEFAULT ''
  );
  CREATE TABLE IF NOT EXISTS addresses (
    id TEXT PRIMARY KEY,
    owner TEXT REFERENCES customers ON DELETE CASCADE,
    street TEXT NOT NULL,
    number TEXT NOT NULL,
    country TEXT NOT NULL,
    city TEXT NOT NULL,
    postcode TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS cards (
    id TEXT PRIMARY KEY,
    owner TEXT REFERENCES customers ON DELETE CASCADE,
    longNum TEXT NOT NULL,
    expires TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS addresses_owner ON addresses (owner);
  CREATE INDEX IF NOT EXISTS cards_owner ON cards (owner)`;

export class SqliteUserStore extends UserStore {
  readonly addresses: SqliteBelongings<Address>;
  readonly cards: SqliteBelongings<Card>;
  private readonly db: Sqlite;

  constructor(url: string, telemetry: Telemetry) {
    super();
    this.db = new Sqlite(url, 'users', telemetry, SCHEMA);
    this.addresses = new SqliteBelongings(this.db, 'addresses', [
      'street',
      'number',
      'country',
      'city',
      'postcode',
    ]);
    this.cards = new SqliteBelongings(this.db, 'cards', ['longNum', 'expires']);
    this.db.transaction(() => {
      this.seed();
    });
  }

  customers(): Promise<Customer[]> {
    const rows = this.db.all('SELECT customers', 'SELECT * FROM customers ORDER BY rowid');
    return Promise.resolve(rows.map(toCustomer));
  }

  customer(id: string): Promise<Customer | undefined> {
    const row = this.db.get('SELECT customers', 'SELECT * FROM customers WHERE id = ?', id);
    return Promise.resolve(row && toCustomer(row));
  }

  customerWithIds(id: string): Promise<CustomerWithIds | undefined> {
    const idsIn = (table: string): string =>
      `(SELECT json_group_array(id ORDER BY rowid) FROM ${table} WHERE owner = customers.id)`;
    const row = this.db.get(
      'SELECT customers',
      `SELECT *, ${idsIn('addresses')} AS addressIds, ${idsIn('cards')} AS cardIds FROM customers WHERE id = ?`,
      id,
    );
    if (!row) return Promise.resolve(undefined);
    const ids = (column: string): string[] => JSON.parse(String(row[column])) as string[]; // as selected above
    const found = { addressIds: ids('addressIds'), cardIds: ids('cardIds') };
    return Promise.resolve({ ...toCustomer(row), ...found });
  }

  account(username: string): Promise<Account | undefined> {
    const row = this.db.get(
      'SELECT customers',
      'SELECT * FROM customers WHERE username = ?',
      username,
    );
    if (!row) return Promise.resolve(undefined);
    const password = { hash: String(row['password']), salt: String(row['salt']) };
    return Promise.resolve({ ...toCustomer(row), password });
  }

  createCustomer(customer: NewCustomer): Promise<string | undefined> {
    const { id = newId(), firstName, lastName, username, email, passwordHash } = customer;
    const made = this.db.run(
      'INSERT customers',
      `INSERT INTO customers (id, firstName, lastName, username, email, password) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (username) DO NOTHING`,
      id,
      firstName,
      lastName,
      username,
      email,
      passwordHash,
    );
    return Promise.resolve(made > 0 ? id : undefined);
  }

  replacePassword(id: string, before: StoredPassword, hash: string): Promise<void> {
    this.db.run(
      'UPDATE customers',
      `UPDATE customers SET password = ?, salt = '' WHERE id = ? AND password = ?`,
      hash,
      id,
      before.hash,
    );
    return Promise.resolve();
  }

  deleteCustomer(id: string): Promise<boolean> {
    const deleted = this.db.run('DELETE customers', 'DELETE FROM customers WHERE id = ?', id);
    return Promise.resolve(deleted > 0);
  }

  ping(): Promise<void> {
    return this.db.ping();
  }

  close(): void {
    this.db.close();
  }

  private seed(): void {
    if (this.db.get('SELECT customers', 'SELECT id FROM customers LIMIT 1')) return;
    for (const { id, firstName, lastName, username, password } of SEED.customers) {
      this.db.run(
        'INSERT customers',
        'INSERT INTO customers (id, firstName, lastName, username, password, salt) VALUES (?, ?, ?, ?, ?, ?)',
        id,
        firstName,
        lastName,
        username,
        password.hash,
        password.salt,
      );
    }
    const ownerId = (owner: number | undefined) => SEED.customers[owner ?? -1]?.id;
    for (const { owner, ...address } of SEED.addresses) {
      this.addresses.put(address, ownerId(owner));
    }
    for (const { owner, ...card } of SEED.cards) this.cards.put(card, ownerId(owner));
  }
}

function toCustomer(row: Row): Customer {
  return {
    id: String(row['id']),
    firstName: String(row['firstName']),
    lastName: String(row['lastName']),
    username: String(row['username']),
  };
}
