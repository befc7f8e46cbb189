import type { Sqlite } from '@sockshop/store/sqlite';
import { randomBytes } from 'node:crypto';
import type { Belongings, Stored } from './user-store.ts';

/** A table of addresses or cards. All columns are text; row ids give the order of adding. */
export class SqliteBelongings<T extends { [K in keyof T]: string }> implements Belongings<T> {
  constructor(
    private readonly db: Sqlite,
    private readonly table: 'addresses' | 'cards',
    private readonly columns: readonly (keyof T & string)[],
  ) {}

  all(): Promise<Stored<T>[]> {
    return Promise.resolve(this.select('ORDER BY rowid'));
  }

  find(id: string): Promise<Stored<T> | undefined> {
    return Promise.resolve(this.select('WHERE id = ?', id)[0]);
  }

  of(customerId: string): Promise<Stored<T>[] | undefined> {
    if (!this.hasCustomer(customerId)) return Promise.resolve(undefined);
    return Promise.resolve(this.select('WHERE owner = ? ORDER BY rowid', customerId));
  }

  add(thing: T, customerId: string | undefined): Promise<string | undefined> {
    if (customerId !== undefined && !this.hasCustomer(customerId)) {
      return Promise.resolve(undefined);
    }
    const id = newId();
    this.put({ ...thing, id }, customerId);
    return Promise.resolve(id);
  }

  delete(id: string): Promise<boolean> {
    const { table } = this;
    const deleted = this.db.run(`DELETE ${table}`, `DELETE FROM ${table} WHERE id = ?`, id);
    return Promise.resolve(deleted > 0);
  }

  /** Does not change an existing row. */
  put(thing: Stored<T>, customerId: string | undefined): void {
    const places = this.columns.map(() => '?').join(', ');
    this.db.run(
      `INSERT ${this.table}`,
      `INSERT OR IGNORE INTO ${this.table} (id, owner, ${this.columns.join(', ')}) VALUES (?, ?, ${places})`,
      thing.id,
      customerId ?? null,
      ...this.columns.map((column) => thing[column]),
    );
  }

  private select(rest: string, ...values: string[]): Stored<T>[] {
    const { table, columns } = this;
    return this.db
      .all(`SELECT ${table}`, `SELECT id, ${columns.join(', ')} FROM ${table} ${rest}`, ...values)
      .map((row) => ({ ...row }) as Stored<T>); // the columns are T's keys, and all are text
  }

  private hasCustomer(id: string): boolean {
    const found = this.db.get('SELECT customers', 'SELECT id FROM customers WHERE id = ?', id);
    return found !== undefined;
  }
}

/** 24 hex digits, as MongoDB's ids. */
export function newId(): string {
  return randomBytes(12).toString('hex');
}
