import { describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { request } from 'node:http';
import { HOLY, onEachDatabase } from './catalogue-suite.ts';

onEachDatabase('catalogue_contract', (context) => {
  const { service, system } = context;

  it('documents all of its routes, and no other, in OpenAPI 3.1', async () => {
    expect(await service.documented.faults()).toEqual([]);
    expect(service.documented.routes()).toEqual([...service.routes].sort());
  });

  describe('GET /catalogue/{id}', () => {
    it('answers 200 with the sock', async () => {
      const response = await service.fetch(`/catalogue/${HOLY}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(await response.json()).toEqual({
        id: HOLY,
        name: 'Holy',
        description: expect.stringMatching(/^.{1,200}$/),
        imageUrl: ['/catalogue/images/holy_1.jpeg', '/catalogue/images/holy_2.jpeg'],
        price: 99.99,
        count: 1,
        tag: ['action', 'magic'],
      });
    });

    it.each(['nosuch', 'images', '%27%20OR%201=1', 'x'.repeat(90)])(
      "answers 404 to %s with the original's fields",
      async (id) => {
        const response = await service.fetch(`/catalogue/${id}`);
        expect(response.status).toBe(404);
        expect(await response.json()).toEqual({
          type: 'about:blank',
          title: 'Not Found',
          status: 404,
          detail: 'not found',
          message: 'not found',
          instance: `/catalogue/${id}`,
          trace_id: response.headers.get('x-trace-id'),
          error: 'not found',
          status_code: 404,
          status_text: 'Not Found',
        });
      },
    );

    it('still answers 200 after ten 404: no circuit breaker opens', async () => {
      for (let n = 0; n < 10; n += 1) await service.fetch('/catalogue/nosuch');
      expect((await service.fetch(`/catalogue/${HOLY}`)).status).toBe(200);
    });
  });

  it('GET /tags answers 200 with all tags in the order of the table', async () => {
    const response = await service.fetch('/tags');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(
      '{"tags":["brown","geek","formal","blue","skin","red","action","sport","black","magic","green"],"err":null}',
    );
  });

  describe('GET /catalogue/images/{file}', () => {
    it('answers 200 with every picture that a sock names', async () => {
      const socks = (await service.json('/catalogue')) as { imageUrl: string[] }[];
      for (const url of new Set(socks.flatMap(({ imageUrl }) => imageUrl))) {
        const response = await service.fetch(url);
        expect([url, response.status]).toEqual([url, 200]);
        expect(response.headers.get('content-type')).toBe('image/jpeg');
        expect(response.headers.get('cache-control')).toBe('public, max-age=3600');
        const bytes = new Uint8Array(await response.arrayBuffer());
        expect(bytes.slice(0, 2)).toEqual(new Uint8Array([0xff, 0xd8]));
        expect(response.headers.get('content-length')).toBe(String(bytes.length));
      }
    });

    it('answers 206 to a range, and 416 to one beyond the end', async () => {
      const part = await service.fetch('/catalogue/images/holy_1.jpeg', {
        headers: { range: 'bytes=0-9' },
      });
      expect(part.status).toBe(206);
      expect(part.headers.get('content-range')).toMatch(/^bytes 0-9\/\d+$/);
      expect((await part.arrayBuffer()).byteLength).toBe(10);
      const beyond = await service.fetch('/catalogue/images/holy_1.jpeg', {
        headers: { range: 'bytes=99999999-' },
      });
      expect(beyond.status).toBe(416);
    });

    it.each([
      ['etag', 'if-none-match'],
      ['last-modified', 'if-modified-since'],
    ])('answers 304 when the client sends %s back as %s', async (given, asked) => {
      const first = await service.fetch('/catalogue/images/holy_1.jpeg');
      const again = await service.fetch('/catalogue/images/holy_1.jpeg', {
        headers: { [asked]: first.headers.get(given)!, 'cache-control': '' },
      });
      expect(again.status).toBe(304);
      expect(await again.text()).toBe('');
    });

    it.each([
      '/catalogue/images/nosuch.jpg',
      '/catalogue/images/..%2fpackage.json',
      '/catalogue/images/sub/holy_1.jpeg',
    ])('answers 404 to %s', async (path) => {
      const response = await service.fetch(path);
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({
        type: 'about:blank',
        title: 'Not Found',
        status: 404,
        detail: 'no such path; /openapi.json lists all paths',
        message: 'no such path; /openapi.json lists all paths',
        instance: path,
        error: 'no such path; /openapi.json lists all paths',
        status_code: 404,
        status_text: 'Not Found',
      });
    });

    it.each(['%5C..', '%5C%02'])('answers 403 to %s, a path out of the folder', async (file) => {
      expect((await service.fetch(`/catalogue/images/${file}`)).status).toBe(403);
    });

    it.each(['/catalogue/images/../package.json', '/catalogue/images/%2e%2e/package.json'])(
      'answers 403 or 404 to %s: nothing outside the folder is served',
      async (path) => {
        expect([403, 404]).toContain(await rawStatus(service.port, path));
      },
    );

    it('answers 405 to POST', async () => {
      const response = await service.fetch('/catalogue/images/holy_1.jpeg', { method: 'POST' });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('GET, HEAD');
    });

    it('makes no span', async () => {
      await service.fetch('/catalogue/images/holy_1.jpeg');
      expect(service.spans.getFinishedSpans()).toEqual([]);
    });
  });

  it.each(['/catalogue', '/catalogue/size', `/catalogue/${HOLY}`, '/tags'])(
    'POST %s answers 405',
    async (path) => {
      const response = await service.fetch(path, { method: 'POST' });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('GET, HEAD');
    },
  );

  it.each([
    '/nosuch',
    '/catalogue/images/',
    '/tags/blue',
    '/catalogue/size/blue',
    '/catalogue//x',
    '/healthz',
  ])('GET %s answers 404', async (path) => {
    expect((await service.fetch(path)).status).toBe(404);
  });

  it('GET /health, /livez and /readyz answer 200 and make no span', async () => {
    const response = await service.fetch('/health');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \+0000 UTC$/);
    expect(await response.json()).toEqual({
      health: [
        { service: 'catalogue', status: 'OK', time },
        { service: 'catalogue-db', status: 'OK', time },
      ],
    });
    expect((await service.fetch('/livez')).status).toBe(200);
    expect((await service.fetch('/readyz')).status).toBe(200);
    expect(service.spans.getFinishedSpans()).toEqual([]);
  });

  describe('spans', () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };

    it.each([
      ['/catalogue?size=100&tags=blue&sort=tag', ['SELECT sock', 'GET /catalogue']],
      ['/catalogue?tags=nosuch', ['SELECT sock', 'GET /catalogue']],
      ['/catalogue?page=0', ['GET /catalogue']],
      ['/catalogue/size?tags=blue', ['SELECT sock', 'GET /catalogue/size']],
      [`/catalogue/${HOLY}`, ['SELECT sock', 'GET /catalogue/{id}']],
      ['/tags', ['SELECT tag', 'GET /tags']],
    ])("GET %s makes %j in the caller's trace", async (path, expected) => {
      await (await service.fetch(path, { headers })).text();
      const spans = service.spans.getFinishedSpans();
      expect(spans.map(({ name }) => name)).toEqual(expected);
      const server = spans.at(-1)!;
      expect(server.kind).toBe(SpanKind.SERVER);
      expect(new Set(spans.map((span) => span.spanContext().traceId))).toEqual(new Set([traceId]));
      for (const query of spans.slice(0, -1)) {
        expect(query.parentSpanContext?.spanId).toBe(server.spanContext().spanId);
      }
    });

    it('describe the query and the database, without the values', async () => {
      await (await service.fetch('/catalogue?tags=canary', { headers })).text();
      const [query] = service.spans.getFinishedSpans();
      expect(query?.kind).toBe(system === 'mysql' ? SpanKind.CLIENT : SpanKind.INTERNAL);
      expect(query?.attributes).toEqual({
        'db.system.name': system,
        'db.namespace': system === 'mysql' ? 'catalogue_contract' : 'catalogue-db',
        'db.operation.name': 'SELECT',
        'db.collection.name': 'sock',
        'db.query.summary': 'SELECT sock',
        'db.query.text': expect.stringContaining('IN (?)'),
        ...(system === 'mysql' && {
          'server.address': '127.0.0.1',
          'server.port': Number(new URL(context.database.url).port),
          'service.peer.name': 'catalogue-db',
        }),
      });
      expect(query?.attributes['db.query.text']).not.toContain('canary');
    });

    it('keep 100 simultaneous requests apart', async () => {
      await Promise.all(
        Array.from({ length: 100 }, async (_none, n) => {
          const own = { traceparent: `00-${traceId.slice(3)}${100 + n}-b7ad6b7169203331-01` };
          const path = n % 2 ? `/catalogue/size?q=${n}` : `/catalogue?page=${n}`; // each needs a query of its own
          await (await service.fetch(path, { headers: own })).text();
        }),
      );
      const spans = service.spans.getFinishedSpans();
      expect(spans).toHaveLength(199); // one span and its query each, but page 0 asks nothing
      const servers = new Map(
        spans
          .filter(({ kind }) => kind === SpanKind.SERVER)
          .map((span) => [span.spanContext().traceId, span]),
      );
      expect(servers.size).toBe(100);
      for (const span of spans.filter(({ name }) => name.startsWith('SELECT'))) {
        const { spanId, traceId: trace } = servers.get(span.spanContext().traceId)!.spanContext();
        expect(span.parentSpanContext).toMatchObject({ spanId, traceId: trace });
        const counts = servers.get(trace)!.name === 'GET /catalogue/size';
        expect(String(span.attributes['db.query.text']).includes('COUNT(*)')).toBe(counts);
      }
    });
  });

  it("GET /metrics counts requests by the original's route names, and queries", async () => {
    await service.fetch(`/catalogue/${HOLY}`);
    await service.fetch('/catalogue/images/holy_1.jpeg');
    const text = await (await service.fetch('/metrics')).text();
    for (const route of [
      'catalogue',
      'catalogue_id',
      'catalogue_size',
      'catalogue_images',
      'tags',
    ]) {
      expect(text).toMatch(
        new RegExp(
          `^request_duration_seconds_count\\{service="catalogue",method="GET",status_code="200",route="${route}"\\} \\d+$`,
          'm',
        ),
      );
    }
    const namespace = system === 'mysql' ? 'catalogue_contract' : 'catalogue-db';
    expect(text).toMatch(
      new RegExp(
        `^db_client_operation_duration_seconds_count\\{db_system_name="${system}",db_namespace="${namespace}",db_collection_name="sock",db_operation_name="SELECT"\\} \\d+$`,
        'm',
      ),
    );
  });
});

/** `fetch` would normalise the path. */
function rawStatus(port: number, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
