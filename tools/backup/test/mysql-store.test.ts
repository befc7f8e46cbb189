import { afterAll, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { mysql } from '@sockshop/testing/real-servers';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { randomBytes } from 'node:crypto';
import { MysqlStore } from '../src/mysql-store.ts';
import { whileMoving, Workplace } from './workplace.ts';

jest.setTimeout(60_000);

const workplace = new Workplace();

mysql.suite('a backup of MariaDB', () => {
  const database = `backup_${randomBytes(4).toString('hex')}`;
  let connection: Connection;
  beforeAll(async () => {
    connection = await createConnection({
      uri: mysql.url,
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
    const store = new MysqlStore(mysql.url, database);
    const file = await workplace.save(store);
    await connection.query(
      'DELETE FROM a_sock_tag; UPDATE sock SET price = 1; ALTER TABLE tag ADD later INT; CREATE TABLE later (id INT)',
    );
    await workplace.restore(file, store);
    expect(await content()).toEqual(before);
    const orphan = connection.query("INSERT INTO a_sock_tag VALUES ('nobody', 1)");
    await expect(orphan).rejects.toMatchObject({ code: 'ER_NO_REFERENCED_ROW_2' });
    await connection.query(`DROP DATABASE ${database}`);
    await workplace.restore(file, store);
    await connection.query(`USE ${database}`);
    expect(await content()).toEqual(before);
  });

  it('is of one moment while the shop writes', async () => {
    await connection.query('UPDATE sock SET stock = 500');
    const store = new MysqlStore(mysql.url, database);
    const move = async (): Promise<void> => {
      await connection.query(
        "BEGIN; UPDATE sock SET stock = stock - 1 WHERE sock_id = 'a'; UPDATE sock SET stock = stock + 1 WHERE sock_id = 'b'; COMMIT",
      );
    };
    const file = await whileMoving(move, () => workplace.save(store));
    await workplace.restore(file, store);
    expect(await rows('SELECT sum(stock) = 1000 FROM sock')).toEqual([[1]]);
  });
});
