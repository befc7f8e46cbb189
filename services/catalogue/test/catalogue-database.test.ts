import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ServiceUnderTest } from '@sockshop/service-testing';
import { TcpProxy } from '@sockshop/testing';
import { mysql } from '@sockshop/testing/real-servers';
import { createConnection } from 'mysql2/promise';
import { mysqlDatabase, sqliteDatabase, type TestDatabase } from './databases.ts';
import { startCatalogue } from './running-catalogue.ts';

const COUNTS = `SELECT (SELECT COUNT(*) FROM sock) AS socks, (SELECT COUNT(*) FROM tag) AS tags,
  (SELECT COUNT(*) FROM sock_tag) AS links`;
const STOCKED = { socks: 10, tags: 11, links: 25 };

let running: ServiceUnderTest[] = [];
afterEach(async () => {
  for (const service of running.splice(0)) await service.close();
});

async function start(url: string): Promise<ServiceUnderTest> {
  const service = await startCatalogue(url);
  running.push(service);
  return service;
}

async function connected(url: string): Promise<ServiceUnderTest> {
  const service = await start(url);
  await service.ready();
  return service;
}

/** The response of every route that needs the database while it is unavailable. */
async function expectUnavailable(service: ServiceUnderTest): Promise<void> {
  for (const path of ['/catalogue', '/catalogue/size', '/catalogue/x', '/tags']) {
    const response = await service.fetch(path);
    expect([path, response.status]).toEqual([path, 503]);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      detail: 'catalogue-db is not available at the moment',
      message: 'catalogue-db is not available at the moment',
      instance: path,
      trace_id: response.headers.get('x-trace-id'),
      error: 'catalogue-db is not available at the moment',
      status_code: 503,
      status_text: 'Service Unavailable',
      ...(path === '/tags' && { tags: [] }), // what the original's pages read
      ...(path === '/catalogue/size' && { size: 0 }),
    });
  }
  expect(await service.status('/readyz')).toBe(503);
  expect(await service.status('/livez')).toBe(200);
  const health = await service.fetch('/health');
  expect(health.status).toBe(200);
  const time = expect.any(String);
  expect(await health.json()).toEqual({
    health: [
      { service: 'catalogue', status: 'OK', time },
      { service: 'catalogue-db', status: 'err', time },
    ],
  });
  expect(await service.status('/catalogue/images/holy_1.jpeg')).toBe(200);
}

describe('without a database', () => {
  it('the service starts, answers 503 with retry-after, reports err in /health, and serves pictures', async () => {
    const nowhere = await TcpProxy.reserve('mysql://root@127.0.0.1:1/socksdb');
    const service = await start(nowhere.url);
    await expectUnavailable(service);
    expect(service.lines.join('')).toContain('database unavailable, trying again');
  });

  it('the log contains no password', async () => {
    const service = await start('mysql://shop:canary-secret@127.0.0.1:1/socksdb');
    await expectUnavailable(service);
    expect(service.lines.join('')).not.toContain('canary-secret');
  });

  it.each(['/dev/null/catalogue.db', '/proc/no/catalogue.db'])(
    'a SQLite file that cannot be opened answers 503: %s',
    async (path) => {
      await expectUnavailable(await start(`sqlite:${path}`));
    },
  );
});

describe('tables on SQLite', () => {
  tables(sqliteDatabase, [
    `CREATE TABLE sock (sock_id varchar(40) NOT NULL PRIMARY KEY, name varchar(20), description varchar(200),
      price float, count int, image_url_1 varchar(40), image_url_2 varchar(40))`,
    'CREATE TABLE tag (tag_id integer NOT NULL PRIMARY KEY, name varchar(20))',
    'CREATE TABLE sock_tag (sock_id varchar(40), tag_id mediumint NOT NULL)',
  ]);
});
mysql.suite('tables on MySQL', () => {
  tables(
    () => mysqlDatabase('catalogue_tables'),
    [
      `CREATE TABLE IF NOT EXISTS sock (sock_id varchar(40) NOT NULL, name varchar(20), description varchar(200),
        price float, count int, image_url_1 varchar(40), image_url_2 varchar(40), PRIMARY KEY(sock_id))`,
      `CREATE TABLE IF NOT EXISTS tag (tag_id MEDIUMINT NOT NULL AUTO_INCREMENT, name varchar(20), PRIMARY KEY(tag_id))`,
      `CREATE TABLE IF NOT EXISTS sock_tag (sock_id varchar(40), tag_id MEDIUMINT NOT NULL,
        FOREIGN KEY (sock_id) REFERENCES sock(sock_id), FOREIGN KEY(tag_id) REFERENCES tag(tag_id))`,
    ],
  );
});

function tables(open: () => Promise<TestDatabase>, original: string[]): void {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await open();
    await database.remove().catch(() => undefined);
  });
  afterEach(async () => {
    for (const service of running.splice(0)) await service.close();
    await database.remove();
  });

  it('are created and filled in a new database', async () => {
    await connected(database.url);
    expect(await database.rows(COUNTS)).toEqual([STOCKED]);
  });

  it('are filled once: a second start changes nothing and restores nothing', async () => {
    await connected(database.url);
    await database.execute(
      `DELETE FROM sock_tag WHERE sock_id LIKE '03fef6ac%'`,
      `DELETE FROM sock WHERE name = 'Holy'`,
    );
    const again = await connected(database.url);
    expect(await again.json('/catalogue/size')).toEqual({ size: 9, err: null });
    expect(await database.rows(COUNTS)).toEqual([{ socks: 9, tags: 11, links: 23 }]);
  });

  it('are filled once by three instances that start together', async () => {
    await Promise.all([1, 2, 3].map(() => connected(database.url)));
    expect(await database.rows(COUNTS)).toEqual([STOCKED]);
  });

  it('are used unchanged when the original has created and filled them', async () => {
    const first = await connected(database.url); // for the database itself
    await first.close();
    running = [];
    await database.execute(
      ...['sock_tag', 'tag', 'sock', 'migrations'].map((table) => `DROP TABLE ${table}`),
      ...original,
      `INSERT INTO sock VALUES ('6d62d909', 'Weave special', 'Theirs.', 17.15, 33,
        '/catalogue/images/weave1.jpg', '/catalogue/images/weave2.jpg')`,
      `INSERT INTO tag (name) VALUES ('geek'), ('black')`,
      `INSERT INTO sock_tag VALUES ('6d62d909', 2), ('6d62d909', 1)`,
    );
    const service = await connected(database.url);
    expect(await (await service.fetch('/catalogue')).text()).toBe(
      '[{"id":"6d62d909","name":"Weave special","description":"Theirs.","imageUrl":["/catalogue/images/weave1.jpg","/catalogue/images/weave2.jpg"],"price":17.15,"count":33,"tag":["geek","black"]}]',
    );
    expect(await database.rows(COUNTS)).toEqual([{ socks: 1, tags: 2, links: 2 }]);
  });
}

mysql.suite('catalogue and its MySQL server', () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let service: ServiceUnderTest;

  beforeEach(async () => {
    database = await mysqlDatabase('catalogue_away');
    await database.remove();
    proxy = await TcpProxy.to(database.url);
    service = await connected(proxy.url);
  });
  afterEach(async () => {
    await service.close();
    running = [];
    await proxy.cut().catch(() => undefined);
    await database.remove();
  });

  it('answer 503 while the server is unavailable, and 200 again afterwards', async () => {
    for (let round = 0; round < 2; round += 1) {
      expect(await service.status('/catalogue')).toBe(200);
      await proxy.cut();
      await expectUnavailable(service);
      await proxy.restore();
      await service.ready();
    }
    expect(await service.json('/catalogue/size')).toEqual({ size: 10, err: null });
    const again = service.lines.filter((line) => line.includes('database connected'));
    expect(again).toHaveLength(3);
    expect(again.join('')).not.toContain('trace_id'); // of the request that noticed
  });

  it('answer 503 while the server hangs, also to waiting requests, and 200 again afterwards', async () => {
    proxy.hold();
    const answers = await Promise.all(Array.from({ length: 30 }, () => service.status('/tags')));
    expect(new Set(answers)).toEqual(new Set([503]));
    await expectUnavailable(service);
    proxy.release();
    await service.ready();
    expect(await service.status('/tags')).toBe(200);
  });

  it('mark the spans of an unanswered query and of its request as errors', async () => {
    service.spans.reset();
    proxy.hold();
    expect(await service.status('/tags')).toBe(503);
    const [query, request] = service.spans.getFinishedSpans();
    expect(query).toMatchObject({ name: 'SELECT tag', status: { code: 2 } });
    expect(query?.attributes['error.type']).toBe('PROTOCOL_SEQUENCE_TIMEOUT');
    expect(request).toMatchObject({ name: 'GET /tags', status: { code: 2 } });
    proxy.release();
  });

  it('fill the tables again when the server returns empty', async () => {
    await database.remove();
    expect(await service.status('/catalogue')).toBe(503);
    await service.ready();
    expect(await service.json('/catalogue/size')).toEqual({ size: 10, err: null });
    expect(await database.rows(COUNTS)).toEqual([STOCKED]);
  });

  it('answer 503 to a query that takes too long, and to no other', async () => {
    const other = await createConnection({ uri: database.url });
    try {
      await other.query('LOCK TABLES sock WRITE');
      expect(await service.status('/catalogue')).toBe(503);
      expect(await service.status('/tags')).toBe(200);
      await other.query('UNLOCK TABLES');
      expect(await service.status('/catalogue')).toBe(200);
      expect(service.lines.join('')).not.toContain('database lost');
    } finally {
      await other.end();
    }
  });

  it('answer 503 only to requests above the limit of the pool', async () => {
    const statuses = await Promise.all(Array.from({ length: 400 }, () => service.status('/tags')));
    expect([200, 503]).toEqual(expect.arrayContaining([...new Set(statuses)]));
    expect(service.lines.join('')).not.toContain('database lost');
    expect(await service.status('/tags')).toBe(200);
  });
});
