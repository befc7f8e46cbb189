import type { OwnShop } from '@sockshop/measure';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const BATCH = 500;
const SEEDED = 'bench-';
/** US dollars: fifty of them are an order that payment accepts. */
const PRICE = 1.25;

/** The store of catalogue, whichever it is: statements have no values but our own. */
interface SockStore {
  numbers(statement: string): Promise<number[]>;
  run(statement: string): Promise<void>;
  close(): Promise<void>;
}

/** Adds socks with one tag each until there are so many. The shop must be started again: nothing else writes socks. */
export async function seedSocks(shop: OwnShop, socks: number): Promise<void> {
  const store =
    shop.way === 'embedded'
      ? sqliteStore(join(shop.dir, 'catalogue.db'))
      : await mysqlStore(shop.part('mariadb').url ?? '');
  try {
    const [count = 0] = await store.numbers('SELECT count(*) AS number FROM sock');
    const tags = await store.numbers('SELECT tag_id AS number FROM tag ORDER BY tag_id');
    const [ours = 0] = await store.numbers(
      `SELECT count(*) AS number FROM sock WHERE sock_id LIKE '${SEEDED}%'`,
    );
    const numbers = Array.from({ length: Math.max(0, socks - count) }, (_, nth) => ours + nth);
    await store.run('BEGIN');
    for (let done = 0; done < numbers.length; done += BATCH) {
      const batch = numbers.slice(done, done + BATCH);
      const rows = batch.map(
        (nth) =>
          `('${seededSock(nth)}','Sock ${nth}','Of the benchmark',${PRICE},${nth % 500},` +
          `'/catalogue/images/holy_1.jpeg','/catalogue/images/holy_2.jpeg')`,
      );
      await store.run(
        `INSERT INTO sock (sock_id,name,description,price,count,image_url_1,image_url_2) VALUES ${rows.join()}`,
      );
      const links = batch.map((nth) => `('${seededSock(nth)}',${tags[nth % tags.length] ?? 1})`);
      await store.run(`INSERT INTO sock_tag (sock_id,tag_id) VALUES ${links.join()}`);
    }
    await store.run('COMMIT');
  } finally {
    await store.close();
  }
}

/** The id of a sock that was added, from 0. */
export function seededSock(nth: number): string {
  return `${SEEDED}${String(nth).padStart(7, '0')}`;
}

function sqliteStore(file: string): SockStore {
  const database = new DatabaseSync(file, { timeout: 10_000 });
  return {
    numbers: (statement) =>
      Promise.resolve(
        database
          .prepare(statement)
          .all()
          .map(({ number }) => Number(number)),
      ),
    run: (statement) => {
      database.exec(statement);
      return Promise.resolve();
    },
    close: () => {
      database.close();
      return Promise.resolve();
    },
  };
}

async function mysqlStore(url: string): Promise<SockStore> {
  const connection = await createConnection(new URL('socksdb', url).href);
  return {
    numbers: async (statement) => {
      const [rows] = await connection.query<RowDataPacket[]>(statement);
      return rows.map((row) => Number(row['number']));
    },
    run: async (statement) => {
      await connection.query(statement);
    },
    close: () => connection.end(),
  };
}
