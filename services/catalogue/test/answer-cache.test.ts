import { describe, expect, it } from '@jest/globals';
import { mysql } from '@sockshop/testing/real-servers';
import { ServiceUnderTest } from '@sockshop/service-testing';
import { TcpProxy } from '@sockshop/testing';
import { HOLY, onEachDatabase } from './catalogue-suite.ts';
import { mysqlDatabase } from './databases.ts';
import { startCatalogue } from './running-catalogue.ts';

const READS = [
  '/catalogue',
  '/catalogue?size=3&tags=blue',
  '/catalogue/size',
  `/catalogue/${HOLY}`,
  '/tags',
];

onEachDatabase('catalogue_answers', (context) => {
  const { service, later } = context;
  const names = () => service.spans.getFinishedSpans().map(({ name }) => name);
  const queries = () => names().filter((name) => name.startsWith('SELECT'));
  const price = async (): Promise<unknown> =>
    ((await service.json(`/catalogue/${HOLY}`)) as { price: number }).price;

  describe('answers from memory', () => {
    it.each(READS)(
      'GET %s asks the database once a second, and says where the answer is from',
      async (path) => {
        const first = await (await service.fetch(path)).text();
        expect(queries()).toHaveLength(1);
        expect(await (await service.fetch(path)).text()).toBe(first);
        expect(queries()).toHaveLength(1);
        const hits = service.spans
          .getFinishedSpans()
          .map(({ attributes }) => attributes['sockshop.cache.hit']);
        expect(hits).toEqual([undefined, undefined, true]); // the query, its request, the second request
        later();
        expect(await (await service.fetch(path)).text()).toBe(first);
        expect(queries()).toHaveLength(2);
      },
    );

    it('show a change by SQL after at most a second', async () => {
      expect(await price()).toBe(99.99);
      await context.database.execute(`UPDATE sock SET price = 89.5 WHERE sock_id = '${HOLY}'`); // and a second passes
      try {
        expect(await price()).toBe(89.5);
      } finally {
        await context.database.execute(`UPDATE sock SET price = 99.99 WHERE sock_id = '${HOLY}'`);
      }
      expect(await price()).toBe(99.99);
    });

    it('are one query for many who ask at once', async () => {
      const bodies = await Promise.all(
        Array.from({ length: 200 }, async () => (await service.fetch('/catalogue?size=4')).text()),
      );
      expect(new Set(bodies).size).toBe(1);
      expect(JSON.parse(bodies[0]!)).toHaveLength(4);
      expect(queries()).toHaveLength(1);
    });

    it('are not mixed up between queries', async () => {
      const page = async (query: string) => (await context.names(`/catalogue?${query}`)).join();
      const queriesOf = [
        'size=3',
        'size=3&page=2',
        'size=3&sort=-id',
        'size=3&tags=blue',
        'size=3&q=blue',
      ];
      const once = await Promise.all(queriesOf.map(page));
      expect(new Set(once).size).toBe(4); // the tag and the word blue find the same
      expect(await Promise.all(queriesOf.map(page))).toEqual(once);
    });

    it('do not hold an unknown sock: one that is added is there at once', async () => {
      expect(await service.status('/catalogue/new')).toBe(404);
      const insert = "INSERT INTO sock VALUES ('new', 'New', 'Just in.', 5, 1, '/a', '/b')";
      const { database } = context;
      await database.execute(insert);
      try {
        expect(await service.status('/catalogue/new')).toBe(200);
      } finally {
        await database.execute("DELETE FROM sock WHERE sock_id = 'new'");
      }
      expect(await service.status('/catalogue/new')).toBe(404);
    });
  });

  describe('a validator', () => {
    it.each(READS)('GET %s answers 304 to a caller that has the answer', async (path) => {
      const first = await service.fetch(path);
      const etag = first.headers.get('etag')!;
      expect(etag).toMatch(/^"[\w-]{27}"$/);
      expect(first.headers.get('cache-control')).toBe('no-cache');
      await first.arrayBuffer();
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const again = await service.fetch(path, { headers: { 'if-none-match': known } });
        expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([
          304,
          etag,
          '',
        ]);
        expect(again.headers.get('content-type')).toBeNull();
      }
      const other = await service.fetch(path, { headers: { 'if-none-match': '"other"' } });
      expect(other.status).toBe(200);
      await other.arrayBuffer();
    });

    it('changes with the answer', async () => {
      const etag = async () => (await service.fetch(`/catalogue/${HOLY}`)).headers.get('etag');
      const before = await etag();
      await context.database.execute(`UPDATE sock SET count = 2 WHERE sock_id = '${HOLY}'`);
      const changed = await etag();
      expect(changed).not.toBe(before);
      await context.database.execute(`UPDATE sock SET count = 1 WHERE sock_id = '${HOLY}'`);
      expect(await etag()).toBe(before);
    });
  });
});

mysql.suite('answers from memory and their MySQL server', () => {
  it('are not served once the server is known to be lost, and for at most a second while it hangs', async () => {
    const database = await mysqlDatabase('catalogue_memory');
    await database.remove();
    const proxy = await TcpProxy.to(database.url);
    let clockMs = 0;
    const service = await startCatalogue(proxy.url, new ServiceUnderTest(), () => clockMs);
    try {
      await service.ready();
      expect(await service.status('/tags')).toBe(200);
      proxy.hold();
      clockMs += 999;
      expect(await service.status('/tags')).toBe(200);
      clockMs += 1;
      expect(await service.status('/tags')).toBe(503);
      proxy.release();
      await service.ready();
      expect(await service.status('/tags')).toBe(200);
      await proxy.cut();
      expect(await service.status('/readyz')).toBe(503);
      expect(await service.status('/tags')).toBe(503);
    } finally {
      await service.close();
      await proxy.cut().catch(() => undefined);
      await database.remove();
    }
  });
});
