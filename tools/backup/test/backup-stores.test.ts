import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import { BSON, Long, MongoClient } from 'mongodb';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { loadBackup } from '../src/load-backup.ts';
import { MongoStore } from '../src/mongo-store.ts';
import { MysqlStore } from '../src/mysql-store.ts';
import { verifyBackup } from '../src/read-backup.ts';
import { SqliteStore } from '../src/sqlite-store.ts';
import { stopWrites } from '../src/stopped-writes.ts';
import type { Entry, Store } from '../src/store.ts';
import { writeBackup } from '../src/write-backup.ts';

jest.setTimeout(60_000);

const { TEST_MYSQL_URL: mysqlUrl, TEST_MONGO_URL: mongoUrl } = process.env;
const withMysql = mysqlUrl ? describe : describe.skip;
const withMongo = mongoUrl ? describe : describe.skip;

let dir: string;
let ends: (() => Promise<void>)[] = [];
const cleanUp = (how: () => Promise<void>): void => void ends.push(how);

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'backup-'));
});
afterEach(async () => {
  for (const how of ends.reverse()) await how();
  ends = [];
  await rm(dir, { recursive: true });
});

const ABOUT = { way: 'distributed', takenAt: '2026-01-02T03:04:05Z', version: '1.0.0' } as const;

async function save(store: Store): Promise<string> {
  const file = join(dir, 'shop.backup');
  await writeBackup(file, ABOUT, store.save(), cleanUp);
  await verifyBackup(file);
  return file;
}

async function restore(file: string, store: Store): Promise<void> {
  for (const place of await loadBackup(file, [store], cleanUp)) await place.swap();
}

/** Moves one from a row to the other for as long as `work` takes: each moment's sum is the same. */
async function whileMoving<T>(move: () => Promise<void>, work: () => Promise<T>): Promise<T> {
  const stop = new AbortController();
  let moves = 0;
  const moving = (async () => {
    for (; !stop.signal.aborted || moves < 10; moves++) await move();
  })();
  const result = await work();
  stop.abort();
  await moving;
  return result;
}

describe('a backup of SQLite', () => {
  const data = (): string => join(dir, 'data');
  const open = (name: string): DatabaseSync => new DatabaseSync(join(data(), `${name}.db`));
  const fill = async (): Promise<void> => {
    const { mkdir } = await import('node:fs/promises');
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
    const file = await save(new SqliteStore(data()));
    const orders = open('orders');
    orders.exec(`DELETE FROM customer_order; ALTER TABLE customer_order ADD COLUMN later TEXT`);
    orders.close();
    await restore(file, new SqliteStore(data()));
    expect(content()).toEqual(before);
    for (const name of await readdir(data())) await rm(join(data(), name));
    await restore(file, new SqliteStore(data()));
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
    const file = join(dir, 'shop.backup');
    await writeBackup(file, ABOUT, slowly(), cleanUp);
    orders.close();
    await restore(file, store);
    const restored = open('orders');
    expect(restored.prepare('SELECT sum(n) AS sum FROM pair').get()).toEqual({ sum: 1000 });
    restored.close();
  });

  it('leaves the data alone when loading it fails', async () => {
    await fill();
    const before = content();
    const file = join(dir, 'shop.backup');
    async function* broken(): AsyncGenerator<Entry> {
      yield* new SqliteStore(data()).save();
      yield { row: ['a row', 'of no table', 'that is there', 1, 2] };
    }
    await writeBackup(file, ABOUT, broken(), cleanUp);
    await expect(restore(file, new SqliteStore(data()))).rejects.toThrow();
    for (const how of ends.splice(0).reverse()) await how();
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

withMysql('a backup of MariaDB', () => {
  const database = `backup_${randomBytes(4).toString('hex')}`;
  let connection: Connection;
  beforeAll(async () => {
    connection = await createConnection({
      uri: mysqlUrl!,
      multipleStatements: true,
      rowsAsArray: true,
      dateStrings: true,
    });
  });
  beforeEach(() =>
    connection.query(`DROP DATABASE IF EXISTS ${database}; CREATE DATABASE ${database} CHARACTER SET utf8mb4; USE ${database};
      CREATE TABLE tag (tag_id MEDIUMINT NOT NULL AUTO_INCREMENT, name VARCHAR(20), PRIMARY KEY (tag_id));
      CREATE TABLE sock (sock_id VARCHAR(40) NOT NULL, price FLOAT, stock BIGINT, cost DECIMAL(20, 10), picture BLOB,
        made DATETIME(6), seen TIMESTAMP NULL, twice INT AS (stock * 2), PRIMARY KEY (sock_id));
      CREATE TABLE a_sock_tag (sock_id VARCHAR(40), tag_id MEDIUMINT NOT NULL,
        FOREIGN KEY (sock_id) REFERENCES sock (sock_id), FOREIGN KEY (tag_id) REFERENCES tag (tag_id));
      INSERT INTO tag VALUES (1, 'brown'), (5, '🧦 "quoted" \\\\ \\n');
      INSERT INTO sock (sock_id, price, stock, cost, picture, made, seen) VALUES
        ('a', 99.99, 7, 0.1234567891, x'00ff0a27', '2026-01-02 03:04:05.678901', '2026-07-01 00:00:01'), ('b', 16777217, NULL, NULL, NULL, NULL, NULL);
      INSERT INTO a_sock_tag VALUES ('a', 5), ('a', 1)`),
  );
  afterAll(async () => {
    await connection.query(`DROP DATABASE ${database}`);
    await connection.end();
  });
  const rows = async (sql: string): Promise<unknown> =>
    (await connection.query<RowDataPacket[]>(sql))[0];
  const content = async (): Promise<unknown[]> => [
    await rows('SELECT *, price * 1.0e0 FROM sock ORDER BY sock_id'),
    await rows('SELECT * FROM tag ORDER BY tag_id'),
    await rows('SELECT * FROM a_sock_tag ORDER BY tag_id'),
    ...(await Promise.all(
      ['sock', 'tag', 'a_sock_tag'].map((name) => rows(`SHOW CREATE TABLE ${name}`)),
    )),
    await rows('SHOW TABLES'),
    await rows(`SHOW DATABASES LIKE '${database}%'`),
  ];

  it('comes back as it was, over changed tables and over none', async () => {
    const before = await content();
    const store = new MysqlStore(mysqlUrl!, database);
    const file = await save(store);
    await connection.query(
      'DELETE FROM a_sock_tag; UPDATE sock SET price = 1; ALTER TABLE tag ADD later INT; CREATE TABLE later (id INT)',
    );
    await restore(file, store);
    expect(await content()).toEqual(before);
    const orphan = connection.query("INSERT INTO a_sock_tag VALUES ('nobody', 1)");
    await expect(orphan).rejects.toMatchObject({ code: 'ER_NO_REFERENCED_ROW_2' });
    await connection.query(`DROP DATABASE ${database}`);
    await restore(file, store);
    await connection.query(`USE ${database}`);
    expect(await content()).toEqual(before);
  });

  it('is of one moment while the shop writes', async () => {
    await connection.query('UPDATE sock SET stock = 500');
    const store = new MysqlStore(mysqlUrl!, database);
    const move = async (): Promise<void> => {
      await connection.query(
        "BEGIN; UPDATE sock SET stock = stock - 1 WHERE sock_id = 'a'; UPDATE sock SET stock = stock + 1 WHERE sock_id = 'b'; COMMIT",
      );
    };
    const file = await whileMoving(move, () => save(store));
    await restore(file, store);
    expect(await rows('SELECT sum(stock) = 1000 FROM sock')).toEqual([[1]]);
  });
});

withMongo('a backup of MongoDB', () => {
  const run = randomBytes(4).toString('hex');
  const databases = [`data-${run}`, `users-${run}`];
  let client: MongoClient;
  beforeAll(async () => {
    client = await new MongoClient(mongoUrl!, {
      promoteValues: false,
      promoteLongs: false,
    }).connect();
  });
  afterAll(async () => {
    for (const name of databases) await client.db(name).dropDatabase();
    await client.close();
  });
  const storeOf = (alone: boolean): MongoStore =>
    new MongoStore({ url: mongoUrl!, databases, alone, aside: join(dir, 'aside'), cleanUp });
  const orders = () => client.db(databases[0]).collection('customerOrder');
  const users = () => client.db(databases[1]).collection('customers');
  const content = async (): Promise<unknown> =>
    Promise.all(
      [orders(), users()].map(async (each) => {
        const found = await each.find().sort({ _id: 1 }).toArray();
        return found.map((one) => BSON.EJSON.stringify(one, { relaxed: false }));
      }),
    );
  beforeEach(async () => {
    for (const name of databases) await client.db(name).dropDatabase();
    await orders().insertMany([
      {
        _id: new BSON.ObjectId(),
        date: new Date(1),
        total: 7.5,
        whole: new BSON.Double(7),
        items: [{ n: 1 }, {}],
      },
      {
        _id: new BSON.ObjectId(),
        big: Long.fromString('9007199254740993'),
        picture: new BSON.Binary(Buffer.from([0, 255])),
      },
      { _id: new BSON.ObjectId(), text: 'x'.repeat(3_000_000), none: null, yes: true },
      {
        _id: new BSON.ObjectId(),
        text: 'y'.repeat(1_500_000),
        status: 'SHIPPED',
        shipmentSent: true,
      },
    ]);
    await users().insertMany(
      Array.from({ length: 700 }, (_, n) => ({ _id: new BSON.ObjectId(), n })),
    );
  });

  it.each([
    ['beside writers', false],
    ['alone', true],
  ])('%s, comes back as it was, over changed collections and over none', async (_title, alone) => {
    const before = await content();
    const store = storeOf(alone);
    const file = await save(store);
    expect([store.writesWaitedMs === undefined, await readdir(dir)]).toEqual([
      alone,
      ['shop.backup'],
    ]);
    await users().deleteMany({});
    await orders().updateMany({}, { $set: { changed: true } });
    await client.db(databases[1]).collection('later').insertOne({ a: 1 });
    await restore(file, store);
    expect(await content()).toEqual(before);
    for (const name of databases) await client.db(name).dropDatabase();
    await restore(file, store);
    expect(await content()).toEqual(before);
    const names = await Promise.all(
      databases.map((name) => client.db(name).listCollections().toArray()),
    );
    expect(names.flat().map(({ name }) => name)).toEqual(['customerOrder', 'customers']);
  });

  it('sends the orders again that were being shipped', async () => {
    const [_id, other] = [new BSON.ObjectId(), new BSON.ObjectId()];
    const sent = { shipmentSent: true, unfinished: false, touched: new Date() };
    await orders().insertMany([
      { _id, status: 'SHIPPING', ...sent },
      { _id: other, status: 'SHIPPED', ...sent },
    ]);
    const store = storeOf(true);
    await restore(await save(store), store);
    expect(store.reopened).toBe(1);
    const again = { shipmentSent: false, unfinished: true, touched: new Date(0) };
    expect(await orders().findOne({ _id })).toEqual({ _id, status: 'SHIPPING', ...again });
    expect(await orders().findOne({ _id: other })).toEqual({
      _id: other,
      status: 'SHIPPED',
      ...sent,
    });
  });

  it('is of one moment, over collections and databases, while the shop writes', async () => {
    const [a, b] = [new BSON.ObjectId(), new BSON.ObjectId()];
    await orders().insertOne({ _id: a, n: 0 });
    await users().insertOne({ _id: b, n: 0 });
    // Two documents cannot change at once: at every moment the first is as far as the second, or one ahead.
    const move = async (): Promise<void> => {
      await orders().updateOne({ _id: a }, { $inc: { n: 1 } });
      await users().updateOne({ _id: b }, { $inc: { n: 1 } });
    };
    const store = storeOf(false);
    await restore(await whileMoving(move, () => save(store)), store);
    const [first, second] = [await orders().findOne({ _id: a }), await users().findOne({ _id: b })];
    const ahead = BSON.EJSON.stringify({ by: Number(first?.['n']) - Number(second?.['n']) });
    expect(['{"by":0}', '{"by":1}']).toContain(ahead);
  });

  it('leaves the data alone when loading it fails', async () => {
    const before = await content();
    const store = storeOf(true);
    const file = join(dir, 'shop.backup');
    async function* broken(): AsyncGenerator<Entry> {
      yield* store.save();
      const _id = new BSON.ObjectId();
      yield { row: { _id } };
      yield { row: { _id } };
    }
    await writeBackup(file, ABOUT, broken(), cleanUp);
    await expect(restore(file, store)).rejects.toThrow(/duplicate key|E11000/);
    for (const how of ends.splice(0).reverse()) await how();
    expect(await content()).toEqual(before);
    const names = await Promise.all(
      databases.map((name) => client.db(name).listCollections().toArray()),
    );
    expect(
      names
        .flat()
        .map(({ name }) => name)
        .filter((name) => name.startsWith('restoring')),
    ).toEqual([]);
  });
});

withMongo('writes to MongoDB', () => {
  const name = `lock-${randomBytes(4).toString('hex')}`;
  let client: MongoClient;
  let locker: MongoClient;
  beforeEach(async () => {
    client = await new MongoClient(mongoUrl!).connect();
    locker = await new MongoClient(mongoUrl!).connect();
  });
  afterEach(async () => {
    await client.db(name).dropDatabase();
    await client.close();
    await locker.close();
  });
  const write = (events: string[]): Promise<unknown> =>
    client
      .db(name)
      .collection('socks')
      .insertOne({})
      .then(() => events.push('written'));

  it('wait while they are stopped, and are done then; reads go on', async () => {
    const events: string[] = [];
    const stopped = await stopWrites(locker, mongoUrl!);
    const written = write(events);
    for (let read = 0; read < 20; read++)
      await client.db(name).collection('socks').countDocuments();
    events.push('released');
    await stopped.release();
    await written;
    expect(events).toEqual(['released', 'written']);
    await stopped.release();
  });

  it('go on after the end of the connection that stopped them', async () => {
    await locker.db('admin').command({ fsync: 1, lock: true });
    const written = write([]);
    await locker.close();
    // What MongoDB itself does not do, the guard does.
    await client
      .db('admin')
      .command({ fsyncUnlock: 1 })
      .catch(() => undefined);
    await written;
  });

  it('go on when the process that stopped them is killed', async () => {
    const guard = spawn(process.execPath, [join(import.meta.dirname, '../src/unlock-guard.ts')], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    const ended = once(guard, 'exit');
    guard.stdin.write(`${JSON.stringify({ url: mongoUrl, withinMs: 60_000 })}\n`);
    await once(guard.stdout, 'data');
    await locker.db('admin').command({ fsync: 1, lock: true });
    const written = write([]);
    guard.stdin.end(); // as the system does it for a process that is no more
    await Promise.all([written, ended]);
  });

  it('are told from those that were let go too early', async () => {
    const stopped = await stopWrites(locker, mongoUrl!);
    await client.db('admin').command({ fsyncUnlock: 1 });
    await expect(stopped.release()).rejects.toThrow(/took longer than the 10 s/);
  });
});
