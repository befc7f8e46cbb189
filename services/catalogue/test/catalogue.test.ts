import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { request } from 'node:http';
import type { ServiceUnderTest } from '@sockshop/service-testing';
import { mysql } from '@sockshop/testing/real-servers';
import { mysqlDatabase, sqliteDatabase, type TestDatabase } from './databases.ts';
import { startCatalogue } from './running-catalogue.ts';

interface SockJson {
  id: string;
  name: string;
  tag: string[];
}

const HOLY = '03fef6ac-1896-4ce8-bd69-b798f85c6e0b';
const NAMES_BY_ID = [
  ...['Holy', 'Colourful', 'SuperSport XL', 'Weave special', 'Crossed'],
  ...['Figueroa', 'Cat socks', 'Nerd leg', 'YouTube.sock', 'Classic'],
];
const FORMAL = ['SuperSport XL', 'Crossed', 'Figueroa', 'Cat socks', 'YouTube.sock'];

describe('catalogue on SQLite', () => {
  contract(sqliteDatabase, 'sqlite');
});
mysql.suite('catalogue on MySQL', () => {
  contract(() => mysqlDatabase('catalogue_contract'), 'mysql');
});

function contract(open: () => Promise<TestDatabase>, system: 'sqlite' | 'mysql'): void {
  let database: TestDatabase;
  let service: ServiceUnderTest;

  beforeAll(async () => {
    database = await open();
    await database.remove().catch(() => undefined); // left by an interrupted run
    service = await startCatalogue(database.url);
    await service.ready();
  });
  afterAll(async () => {
    await service.close();
    await database.remove();
  });
  beforeEach(() => {
    service.spans.reset();
  });

  const names = async (path: string): Promise<string[]> => {
    const response = await service.fetch(path);
    expect(response.status).toBe(200);
    return ((await response.json()) as SockJson[]).map(({ name }) => name);
  };

  it('documents all of its routes, and no other, in OpenAPI 3.1', async () => {
    expect(await service.documented.faults()).toEqual([]);
    expect(service.documented.routes()).toEqual([...service.routes].sort());
  });

  describe('GET /catalogue', () => {
    it('answers 200 with ten complete socks in the order of their ids', async () => {
      const response = await service.fetch('/catalogue');
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      const socks = (await response.json()) as SockJson[];
      expect(socks.map(({ name }) => name)).toEqual(NAMES_BY_ID);
      expect(socks[4]).toEqual({
        id: '808a2de1-1aaa-4c25-a9b9-6612e8f29a38',
        name: 'Crossed',
        description: expect.stringMatching(/^.{1,200}$/),
        imageUrl: ['/catalogue/images/cross_1.jpeg', '/catalogue/images/cross_2.jpeg'],
        price: 17.32,
        count: 738,
        tag: ['formal', 'blue', 'red', 'action'],
      });
    });

    it("answers 200 with the fields in the original's order and prices without rounding errors", async () => {
      const text = await (await service.fetch('/catalogue?size=100')).text();
      expect(text).toMatch(
        /^\[\{"id":"[^"]+","name":"Holy","description":"[^"]+","imageUrl":\["[^"]+","[^"]+"\],"price":99\.99,"count":1,"tag":\["action","magic"\]\},/,
      );
      expect([...text.matchAll(/"price":([^,]+),/g)].map(([, price]) => price)).toEqual([
        '99.99',
        '18',
        '15',
        '17.15',
        '17.32',
        '14',
        '15',
        '7.99',
        '10.99',
        '12',
      ]);
    });

    // The original's own table of pages, on the five formal socks.
    it.each([
      [0, 1, []],
      [1, 0, []],
      [1, 9, FORMAL],
      [2, 3, FORMAL.slice(3)],
      [2, 4, FORMAL.slice(4)],
      [2, 5, []],
      [2, 6, []],
      [3, 3, []],
      [4, 2, []],
      [3, 2, FORMAL.slice(4)],
      [4, 1, FORMAL.slice(3, 4)],
    ])(
      'answers 200 to page %d of size %d with its part of five socks',
      async (page, size, part) => {
        expect(await names(`/catalogue?tags=formal&page=${page}&size=${size}`)).toEqual(part);
      },
    );

    it.each([
      ['page=abc', []],
      ['size=abc', []],
      ['page=1.5', []],
      ['page=', NAMES_BY_ID],
      ['size=', NAMES_BY_ID],
      ['size=99999999999999999999', NAMES_BY_ID],
      ['page=99999999999999999999&size=99999999999999999999', []],
      ['page=2&page=1&size=9', ['Classic']],
    ])('answers 200 to %s', async (query, expected) => {
      expect(await names(`/catalogue?${query}`)).toEqual(expected);
    });

    it.each(['page=-1', 'size=-1', 'page=-1&size=0'])('answers 400 to %s', async (query) => {
      const response = await service.fetch(`/catalogue?${query}`);
      expect(response.status).toBe(400);
      expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      const field = query.slice(0, 4);
      expect(await response.json()).toEqual({
        type: 'about:blank',
        title: 'Bad Request',
        status: 400,
        detail: `${field}: must be 0 or more`,
        message: `${field}: must be 0 or more`,
        instance: '/catalogue',
        trace_id: response.headers.get('x-trace-id'),
        errors: [{ field, message: 'must be 0 or more' }],
        error: `${field}: must be 0 or more`,
        status_code: 400,
        status_text: 'Bad Request',
      });
    });

    it.each([
      ['tags=blue', ['Colourful', 'Crossed', 'Figueroa', 'Nerd leg']],
      ['tags=magic,skin', ['Holy', 'Nerd leg']],
      ['tags=magic,nosuch', ['Holy']],
      ['tags=BLUE&size=1', ['Colourful']],
      ['tags=large', []],
      ['tags=', NAMES_BY_ID],
      ["tags=x')%20OR%201=1--", []],
    ])('answers 200 to %s with the socks that have any of the tags', async (query, expected) => {
      expect(await names(`/catalogue?${query}`)).toEqual(expected);
    });

    it.each([
      ['q=holy', ['Holy']],
      ['q=FRIDAY', ['Colourful', 'SuperSport XL']],
      ['q=sock', ['Crossed', 'Cat socks', 'YouTube.sock', 'Classic']],
      ['q=friday%20colour', ['Colourful']],
      ['q=%20colour++friday%20', ['Colourful']],
      ['q=formal+quiet', ['Crossed']], // a tag and a word of the description
      ['q=quiet+quiet', ['Crossed']],
      ['q=blue&tags=formal', ['Crossed', 'Figueroa']],
      ['q=friday&tags=blue,magic', ['Colourful']],
      ['q=blue&sort=-name&size=3', ['Nerd leg', 'Figueroa', 'Crossed']],
      ['q=blue&page=2&size=3', ['Nerd leg']],
      ['q=nosuch', []],
      ['q=', NAMES_BY_ID],
      ['q=%20%20', NAMES_BY_ID],
      ['q=holy&q=crossed', ['Holy']],
      ['q=%25', []],
      ['q=h_ly', []],
      ['q=!', []],
      ["q='+OR+1=1--", []],
      ['q=%5C', []],
      ['q=%F0%9F%A7%A6', []], // 🧦
      ['q=' + 'x'.repeat(100), []],
    ])(
      'answers 200 to %s with the socks that contain all words anywhere',
      async (query, expected) => {
        expect(await names(`/catalogue?${query}`)).toEqual(expected);
      },
    );

    it('answers 200 to a search for wildcard characters, and for letters beyond ASCII in upper or lower case', async () => {
      await database.execute(
        `INSERT INTO sock VALUES ('ccc', 'Ökosocke', '100% wool_blend, 5!', 5.25, 3, '/a', '/b')`,
      );
      try {
        for (const word of ['100%25', 'wool_', '5!', 'öko', 'ÖKOSOCKE']) {
          expect(await names(`/catalogue?q=${word}`)).toEqual(['Ökosocke']);
          expect(await service.json(`/catalogue/size?q=${word}`)).toMatchObject({ size: 1 });
        }
      } finally {
        await database.execute(`DELETE FROM sock WHERE sock_id = 'ccc'`);
      }
    });

    it.each(['/catalogue', '/catalogue/size'])('%s answers 400 to a longer text', async (path) => {
      const response = await service.fetch(`${path}?q=${'x'.repeat(101)}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        detail: 'q: must have at most 100 characters',
      });
    });

    it('answers 200 with all tags of a filtered sock', async () => {
      const [sock] = (await service.json('/catalogue?tags=red')) as SockJson[];
      expect(sock?.tag).toEqual(['formal', 'blue', 'red', 'action']);
    });

    const byPrice = [
      ...['Nerd leg', 'YouTube.sock', 'Classic', 'Figueroa', 'SuperSport XL', 'Cat socks'],
      ...['Weave special', 'Crossed', 'Colourful', 'Holy'],
    ];
    it.each([
      ['sort=id', NAMES_BY_ID],
      ['sort=-id', NAMES_BY_ID.toReversed()],
      ['sort=price', byPrice],
      ['sort=PRICE&page=2&size=4', byPrice.slice(4, 8)],
      [
        'sort=price,desc',
        [
          ...['Holy', 'Colourful', 'Crossed', 'Weave special', 'SuperSport XL', 'Cat socks'],
          ...['Figueroa', 'Classic', 'YouTube.sock', 'Nerd leg'],
        ],
      ],
      ['order=price,asc', byPrice],
      ['sort=name', NAMES_BY_ID.toSorted()],
      ['sort=-name&tags=formal', FORMAL.toSorted().reverse()],
      ['sort=count&size=3', ['Holy', 'Weave special', 'Nerd leg']],
      ['order=-count&size=3', ['SuperSport XL', 'Figueroa', 'YouTube.sock']],
      ['sort=tag&size=4', ['Holy', 'Crossed', 'SuperSport XL', 'Weave special']],
      ['sort=tag,desc&size=3', ['YouTube.sock', 'Cat socks', 'Classic']],
      ['sort=nonsense', NAMES_BY_ID],
      ['sort=price;drop', NAMES_BY_ID],
    ])('answers 200 sorted by %s', async (query, expected) => {
      expect(await names(`/catalogue?${query}`)).toEqual(expected);
    });

    it.each([
      ['sort=price', 'Twin,SuperSport XL,Cat socks'],
      ['sort=-price', 'Twin,SuperSport XL,Cat socks'],
      ['sort=tag&tags=formal', 'Twin,SuperSport XL'],
    ])(
      'answers 200 with equal socks in the order of their ids when sorted by %s',
      async (query, twins) => {
        await database.execute(
          `INSERT INTO sock VALUES ('000', 'Twin', 'As dear as two others.', 15, 1, '/a', '/b')`,
        );
        await database.execute(`INSERT INTO sock_tag SELECT '000', tag_id FROM sock_tag
        WHERE sock_id = (SELECT sock_id FROM sock WHERE name = 'SuperSport XL')`);
        try {
          expect((await names(`/catalogue?size=100&${query}`)).join()).toContain(twins);
        } finally {
          await database.execute(`DELETE FROM sock_tag WHERE sock_id = '000'`);
          await database.execute(`DELETE FROM sock WHERE sock_id = '000'`);
        }
      },
    );

    it('answers 200 with an empty list of tags for a sock without tags', async () => {
      await database.execute(
        `INSERT INTO sock VALUES ('aaa', 'Plain', 'No tag.', 5.25, 3, '/a', '/b')`,
      );
      try {
        const plain = (await service.json('/catalogue?page=9&size=1')) as SockJson[];
        expect(plain).toEqual([await service.json('/catalogue/aaa')]);
        expect(await names('/catalogue?sort=tag&size=2')).toEqual(['Plain', 'Holy']);
        expect(await service.json('/catalogue/aaa')).toEqual({
          id: 'aaa',
          name: 'Plain',
          description: 'No tag.',
          imageUrl: ['/a', '/b'],
          price: 5.25,
          count: 3,
          tag: [],
        });
        expect(await service.json('/catalogue/size')).toEqual({ size: 11, err: null });
      } finally {
        await database.execute(`DELETE FROM sock WHERE sock_id = 'aaa'`);
      }
    });
  });

  describe('GET /catalogue/size', () => {
    it.each([
      ['', 10],
      ['?tags=', 10],
      ['?tags=blue,formal', 7],
      ['?tags=brown', 3],
      ['?tags=geek', 2],
      ['?tags=nosuch', 0],
      ['?tags=brown&page=2&size=1', 3],
      ['?q=', 10],
      ['?q=BLUE', 4],
      ['?q=blue&tags=formal', 2],
      ['?q=nosuch', 0],
    ])('answers 200 to %s with the count %d of socks, not of rows', async (query, size) => {
      const response = await service.fetch(`/catalogue/size${query}`);
      expect(response.status).toBe(200);
      expect(await response.text()).toBe(`{"size":${size},"err":null}`);
    });
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
      '/catalogue/images/',
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
    '/catalogue/',
    '/tags/',
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
      ['/catalogue?size=100&tags=blue&sort=tag', ['SELECT sock', 'SELECT sock', 'GET /catalogue']],
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
          'server.port': Number(new URL(database.url).port),
          'service.peer.name': 'catalogue-db',
        }),
      });
      expect(query?.attributes['db.query.text']).not.toContain('canary');
    });

    it('keep 100 simultaneous requests apart', async () => {
      await Promise.all(
        Array.from({ length: 100 }, async (_none, n) => {
          const own = { traceparent: `00-${traceId.slice(3)}${100 + n}-b7ad6b7169203331-01` };
          await (await service.fetch(n % 2 ? '/tags' : '/catalogue', { headers: own })).text();
        }),
      );
      const spans = service.spans.getFinishedSpans();
      expect(spans).toHaveLength(250); // 50 × 2 and 50 × 3
      const servers = new Map(
        spans
          .filter(({ kind }) => kind === SpanKind.SERVER)
          .map((span) => [span.spanContext().traceId, span]),
      );
      expect(servers.size).toBe(100);
      for (const span of spans.filter(({ name }) => name.startsWith('SELECT'))) {
        const { spanId, traceId: trace } = servers.get(span.spanContext().traceId)!.spanContext();
        expect(span.parentSpanContext).toMatchObject({ spanId, traceId: trace });
        const tags = servers.get(trace)!.name === 'GET /tags';
        expect(span.name).toBe(tags ? 'SELECT tag' : 'SELECT sock');
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
}

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
