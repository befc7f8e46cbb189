import { describe, expect, it } from '@jest/globals';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SqliteStore } from '../src/sqlite-store.ts';
import type { Entry } from '../src/store.ts';
import { Workplace } from './workplace.ts';

const workplace = new Workplace();

describe('a backup of SQLite', () => {
  const data = (): string => join(workplace.dir, 'data');
  const open = (name: string): DatabaseSync => new DatabaseSync(join(data(), `${name}.db`));
  const fill = async (): Promise<void> => {
    await mkdir(data());
    const orders = open('orders');
    orders.exec(`PRAGMA journal_mode = WAL;
      CREATE TABLE "customer_order" (id TEXT PRIMARY KEY, date INTEGER NOT NULL, odd, total REAL);
      CREATE INDEX by_date ON customer_order (date) WHERE total > 0;
      INSERT INTO customer_order VALUES ('b', 9007199254740993, x'00ff0a', 7), ('a', -1, 7.0, NULL),
        ('c', 0, 7, 1e300), ('d', 0, 'seven', 0.1)`);
    orders.close();
    const user = open('user');
    user.exec(`PRAGMA foreign_keys = OFF; CREATE TABLE cards (id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT REFERENCES zz_owners);
      CREATE TABLE zz_owners (id TEXT PRIMARY KEY); INSERT INTO zz_owners VALUES ('eve'); INSERT INTO cards VALUES (7, 'eve')`);
    user.close();
  };
  const content = (): unknown => {
    const of = (name: string, sql: string): unknown => {
      const database = open(name);
      const statement = database.prepare(sql);
      statement.setReadBigInts(true);
      const rows = statement.all();
      database.close();
      return rows;
    };
    return [
      of(
        'orders',
        'SELECT rowid, *, typeof(odd), typeof(total) FROM customer_order ORDER BY rowid',
      ),
      of('orders', 'SELECT name, sql FROM sqlite_schema ORDER BY name'),
      of('user', 'SELECT * FROM cards, zz_owners, sqlite_sequence'),
      of('user', 'PRAGMA foreign_key_check'),
    ];
  };

  it('comes back as it was, over changed and over lost files', async () => {
    await fill();
    const before = content();
    const file = await workplace.save(new SqliteStore(data()));
    const orders = open('orders');
    orders.exec(`DELETE FROM customer_order; ALTER TABLE customer_order ADD COLUMN later TEXT`);
    orders.close();
    await workplace.restore(file, new SqliteStore(data()));
    expect(content()).toEqual(before);
    for (const name of await readdir(data())) await rm(join(data(), name));
    await workplace.restore(file, new SqliteStore(data()));
    expect(content()).toEqual(before);
    expect((await readdir(data())).sort()).toEqual(['orders.db', 'user.db']);
  });

  it('is of one moment while the shop writes', async () => {
    await fill();
    const orders = open('orders');
    orders.exec(
      `CREATE TABLE pair (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO pair VALUES (1, 500), (2, 500)`,
    );
    const store = new SqliteStore(data());
    async function* slowly(): AsyncGenerator<Entry> {
      for await (const entry of store.save()) {
        orders.exec(
          'BEGIN; UPDATE pair SET n = n - 1 WHERE id = 1; UPDATE pair SET n = n + 1 WHERE id = 2; COMMIT',
        );
        yield entry;
      }
    }
    const file = await workplace.write(slowly());
    orders.close();
    await workplace.restore(file, store);
    const restored = open('orders');
    expect(restored.prepare('SELECT sum(n) AS sum FROM pair').get()).toEqual({ sum: 1000 });
    restored.close();
  });

  it('leaves the data alone when loading it fails', async () => {
    await fill();
    const before = content();
    async function* broken(): AsyncGenerator<Entry> {
      yield* new SqliteStore(data()).save();
      yield { row: ['a row', 'of no table', 'that is there', 1, 2] };
    }
    const file = await workplace.write(broken());
    await expect(workplace.restore(file, new SqliteStore(data()))).rejects.toThrow();
    await workplace.cleanedUp();
    expect(content()).toEqual(before);
    expect((await readdir(data())).filter((name) => name.includes('restoring'))).toEqual([]);
  });

  it('knows whether another connection has the files open', async () => {
    await fill();
    const store = new SqliteStore(data());
    const orders = open('orders');
    orders.prepare('SELECT 1 FROM customer_order').get();
    expect(store.lock()).toBeUndefined();
    orders.close();
    const unlock = store.lock();
    expect(unlock).toBeDefined();
    unlock?.();
  });
});
