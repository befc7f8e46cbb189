import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import type { Span } from '../src/trace-store/span.ts';
import { startTraceStore, type TraceStoreServer } from '../src/trace-store/trace-store-server.ts';
import { aSpan, START, START_MS, TRACE_ID, ZipkinClient } from './spans.ts';

const browse: Span = {
  ...aSpan('a', { kind: 'SERVER', at: 'front-end' }),
  name: 'get /catalogue',
  duration: 3_000,
  tags: { 'http.route': '/catalogue' },
};
const ask: Span = {
  ...aSpan('b', { parent: 'a', kind: 'CLIENT', at: 'front-end', to: 'catalogue', failed: true }),
  name: 'get',
  timestamp: START + 100,
  duration: 2_000,
  annotations: [{ timestamp: START + 200, value: 'retried' }],
};
const other: Span = {
  ...aSpan('c', { trace: 'c'.repeat(16), kind: 'SERVER', at: 'user' }),
  name: 'post /login',
  timestamp: START + 5_000_000,
  duration: 900,
};

const GZIP = { 'content-type': 'application/json', 'content-encoding': 'gzip' };

let server: TraceStoreServer;
let client: ZipkinClient;
beforeEach(async () => {
  server = await startTraceStore({ port: 0 });
  client = new ZipkinClient(server.url);
});
afterEach(() => server.close());

/** The status for a request with that `Host`, which `fetch` does not let a caller choose. */
async function statusFor({ url }: TraceStoreServer, host: string): Promise<number | undefined> {
  const { port } = new URL(url);
  const path = '/api/v2/services';
  const sent = request({ host: '127.0.0.1', port, path, headers: { host }, agent: false }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

const listOf = (count: number): [string, string][] =>
  Array.from({ length: count }, (_, index) => [`t${index}`, '']);
const annotation = ([value]: [string, string]) => ({ timestamp: START, value });

describe('POST /api/v2/spans', () => {
  it('accepts a list and returns an empty body', async () => {
    const response = await client.post([browse]);
    expect([response.status, await response.text()]).toEqual([202, '']);
    expect(await client.json(`/api/v2/trace/${TRACE_ID}`)).toEqual([browse]);
  });

  it('accepts a gzipped list', async () => {
    const body = new Uint8Array(gzipSync(JSON.stringify([browse])));
    expect((await client.post(body, GZIP)).status).toBe(202);
    expect(await client.json(`/api/v2/trace/${TRACE_ID}`)).toEqual([browse]);
  });

  it('accepts JSON with a charset', async () => {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    expect((await client.post([browse], headers)).status).toBe(202);
    expect(server.store.spanCount).toBe(1);
  });

  it.each([
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'content-type': 'multipart/form-data; boundary=a' },
    {},
  ])('answers 415 to what a page may send to any server: %j', async (headers) => {
    const body = new Uint8Array(Buffer.from(JSON.stringify([browse]))); // fetch adds no type to bytes
    const response = await client.post(body, { ...headers });
    expect([response.status, await response.text()]).toEqual([
      415,
      'Spans are read as application/json or application/x-protobuf only',
    ]);
    expect(server.store.spanCount).toBe(0);
  });

  it.each(['/api/v1/spans', '/api/v2/spans'])(
    'answers 415 to thrift, and names what to send to %s instead',
    async (path) => {
      const thrift = new Uint8Array([12, 0, 0, 0, 0]);
      const response = await client.post(thrift, { 'content-type': 'application/x-thrift' }, path);
      const text =
        'Thrift is not read; send JSON to /api/v1/spans, or JSON or protobuf to /api/v2/spans';
      expect([response.status, await response.text()]).toEqual([415, text]);
    },
  );

  it('answers 415 to protobuf of version 1, which does not exist', async () => {
    const headers = { 'content-type': 'application/x-protobuf' };
    const response = await client.post(new Uint8Array([10, 0]), headers, '/api/v1/spans');
    const text = 'Spans of version 1 are read as JSON; send protobuf to /api/v2/spans';
    expect([response.status, await response.text()]).toEqual([415, text]);
  });

  it('keeps nothing of a list of version 1 with a bad span', async () => {
    const spans = [{ traceId: 'a', id: 'b' }, { traceId: 'a' }];
    const response = await client.post(spans, undefined, '/api/v1/spans');
    expect([response.status, await response.text()]).toEqual([
      400,
      'Cannot read span 1: id is missing',
    ]);
    expect(server.store.spanCount).toBe(0);
  });

  it('cleans spans like Zipkin', async () => {
    const sent = {
      traceId: 'a1',
      id: '7',
      parentId: '7',
      name: 'GET',
      kind: 'CLIENT',
      shared: true,
      duration: -1,
      localEndpoint: { serviceName: 'Orders', ipv4: '::ffff:10.0.0.1', port: 0 },
      remoteEndpoint: {},
      annotations: [
        { timestamp: 2, value: 'b' },
        { timestamp: 1, value: 3 },
        { timestamp: 2, value: 'b' },
      ],
      tags: { b: 5, a: '' },
      unheardOf: [{}],
    };
    expect((await client.post([sent])).status).toBe(202);
    expect(await client.json('/api/v2/trace/a1')).toEqual([
      {
        traceId: '00000000000000a1',
        id: '0000000000000007',
        kind: 'CLIENT',
        name: 'get',
        localEndpoint: { serviceName: 'orders', ipv4: '10.0.0.1' },
        annotations: [
          { timestamp: 1, value: '3' },
          { timestamp: 2, value: 'b' },
        ],
        tags: { a: '', b: '5' },
      },
    ]);
  });

  it.each<[unknown, string]>([
    ['{', 'Expected a JSON list of spans'],
    [{}, 'Expected a JSON list of spans'],
    [[browse, 1], 'Cannot read span 1: span is not an object'],
    [[{ id: 'a' }], 'Cannot read span 0: traceId is missing'],
    [[{ traceId: 'a' }], 'Cannot read span 0: id is missing'],
    [
      [{ traceId: 'XYZ', id: 'a' }],
      'Cannot read span 0: XYZ should be lower-hex encoded with no prefix',
    ],
    [
      [{ ...browse, kind: 'INTERNAL' }],
      'Cannot read span 0: kind is not one of CLIENT, SERVER, PRODUCER, CONSUMER',
    ],
    [[{ ...browse, timestamp: 1.5 }], 'Cannot read span 0: timestamp is not a whole number'],
    [[{ ...browse, tags: { a: null } }], 'Cannot read span 0: tag a is not a text'],
    [
      [{ ...browse, annotations: [{ timestamp: 1 }] }],
      'Cannot read span 0: an annotation lacks its timestamp or value',
    ],
    [[{ ...browse, localEndpoint: { port: 65_536 } }], 'Cannot read span 0: invalid port 65536'],
  ])('answers 400 to %j and keeps none of it', async (body, text) => {
    const response = await client.post(body);
    expect([response.status, await response.text()]).toEqual([400, text]);
    expect(server.store.spanCount).toBe(0);
  });

  it('answers 400 to a body that claims to be gzip and is not', async () => {
    const response = await client.post('[]', GZIP);
    expect([response.status, await response.text()]).toEqual([400, 'Cannot gunzip spans']);
  });

  it.each([
    ['tags', (count: number) => ({ tags: Object.fromEntries(listOf(count)) }), 60_000],
    ['annotations', (count: number) => ({ annotations: listOf(count).map(annotation) }), 60_000],
  ])('answers 400 to more than 256 %s', async (what, span, many) => {
    for (const count of [257, many]) {
      const response = await client.post([{ ...browse, ...span(count) }]);
      const text = `Cannot read span 0: more than 256 ${what}`;
      expect([response.status, await response.text()]).toEqual([400, text]);
    }
    expect((await client.post([{ ...browse, ...span(256) }])).status).toBe(202);
  });

  it('answers 400 to more than 20,000 spans at once', async () => {
    const spans = Array.from({ length: 20_001 }, () => ({ traceId: 'a', id: 'a' }));
    const response = await client.post(spans);
    expect([response.status, await response.text()]).toEqual([400, 'more than 20000 spans']);
  });

  it('answers 413 above 5 MiB of unknown length', async () => {
    const chunk = new Uint8Array(1024 * 1024).fill(32);
    const response = await fetch(`${server.url}/api/v2/spans`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: ReadableStream.from(Array.from({ length: 6 }, () => chunk)),
      duplex: 'half', // sent in chunks
    }).catch(() => undefined);
    expect(response?.status ?? 413).toBe(413); // or the connection ends before all is sent
    expect(server.store.spanCount).toBe(0);
  });

  it('answers 413 above 5 MiB, also after unpacking', async () => {
    const blank = new Uint8Array(6 * 1024 * 1024).fill(32);
    expect((await client.post(blank)).status).toBe(413);
    const zipped = new Uint8Array(gzipSync(blank));
    expect((await client.post(zipped, GZIP)).status).toBe(413);
  });
});

describe('the read API', () => {
  beforeEach(async () => {
    await client.post([browse]);
    await client.post([ask, other]);
  });

  it('lists services, their span names and their remote services', async () => {
    expect(await client.json('/api/v2/services')).toEqual(['front-end', 'user']);
    expect(await client.json('/api/v2/spans?serviceName=front-end')).toEqual([
      'get',
      'get /catalogue',
    ]);
    expect(await client.json('/api/v2/remoteServices?serviceName=front-end')).toEqual([
      'catalogue',
    ]);
  });

  it.each<[string, Span[][]]>([
    ['', [[other], [browse, ask]]],
    ['limit=1', [[other]]],
    ['serviceName=front-end', [[browse, ask]]],
    ['serviceName=front-end&spanName=GET', [[browse, ask]]],
    ['serviceName=user&spanName=get', []],
    ['remoteServiceName=catalogue', [[browse, ask]]],
    ['annotationQuery=error', [[browse, ask]]],
    ['annotationQuery=retried and http.route=/catalogue', [[browse, ask]]],
    ['annotationQuery=http.route=/cart', []],
    ['minDuration=1000', [[browse, ask]]],
    ['minDuration=500&maxDuration=1000', [[other]]],
    [`endTs=${START_MS + 1}`, [[browse, ask]]],
    [`endTs=${START_MS + 6000}&lookback=2000`, [[other]]],
  ])('finds traces by "%s"', async (asked, expected) => {
    const endTs = asked.includes('endTs') ? '' : `&endTs=${START_MS + 60_000}`;
    expect(await client.json(`/api/v2/traces?${asked}${endTs}`)).toEqual(expected);
  });

  it("returns the last day's traces when no time is given", async () => {
    await client.post([{ ...other, traceId: 'd', timestamp: (Date.now() - 1000) * 1000 }]);
    expect(await client.json('/api/v2/traces')).toHaveLength(1);
  });

  it('returns one trace, or several', async () => {
    expect(await client.json(`/api/v2/trace/${TRACE_ID}`)).toEqual([browse, ask]);
    expect(
      await client.json(`/api/v2/traceMany?traceIds=${TRACE_ID},${other.traceId},abc`),
    ).toEqual([[browse, ask], [other]]);
  });

  it('returns the service map', async () => {
    expect(await client.json(`/api/v2/dependencies?endTs=${START_MS + 60_000}`)).toEqual([
      { parent: 'front-end', child: 'catalogue', callCount: 1, errorCount: 1 },
    ]);
  });

  it.each<[string, number, string]>([
    [`/api/v2/trace/${TRACE_ID.slice(16)}`, 404, `${TRACE_ID.slice(16)} not found`],
    ['/api/v2/trace/', 404, '404 Not Found'],
    ['/api/v2/trace/0', 400, 'traceId is all zeros'],
    ['/api/v2/spans', 400, 'Mandatory parameter/header/attribute is missing: serviceName'],
    ['/api/v2/traces?limit=many', 400, 'For input string: "many"'],
    ['/api/v2/traces?maxDuration=5', 400, 'maxDuration is only valid with minDuration'],
    ['/api/v2/traceMany?traceIds=a,a', 400, 'redundant traceId: a'],
    ['/api/v2/dependencies', 400, 'Mandatory parameter/header/attribute is missing: endTs'],
    ['/api/v2/dependencies?endTs=0', 400, 'endTs <= 0'],
    ['/api/v1/spans', 404, '404 Not Found'],
  ])('answers GET %s with %d "%s"', async (path, status, text) => {
    const response = await client.get(path);
    expect([response.status, await response.text()]).toEqual([status, text]);
  });
});

describe('a web page', () => {
  it.each(['http://evil.example', 'http://localhost:8080', 'null', 'https://127.0.0.1', ''])(
    'of the origin "%s" reads and writes nothing',
    async (origin) => {
      const read = await fetch(`${server.url}/api/v2/services`, { headers: { origin } });
      const written = await client.post([browse], { 'content-type': 'application/json', origin });
      const asked = await fetch(`${server.url}/api/v2/spans`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
      expect([read.status, written.status, asked.status]).toEqual([403, 403, 403]);
      expect(await read.text()).toBe('Pages of another origin have no access');
      for (const { headers } of [read, written, asked]) {
        expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      }
      expect(server.store.spanCount).toBe(0);
    },
  );

  it('of its own origin reads and writes, without a CORS header', async () => {
    const headers = { 'content-type': 'application/json', origin: server.url };
    const response = await client.post([browse], headers);
    expect(response.status).toBe(202);
    expect(response.headers.has('access-control-allow-origin')).toBe(false);
  });

  it('gets no access by its own name for this machine', async () => {
    expect(await statusFor(server, 'evil.example:9411')).toBe(403);
    expect(await statusFor(server, 'zipkin.evil.example')).toBe(403);
  });
});

describe('the host of a request', () => {
  it.each(['127.0.0.1', 'localhost:9411', '[::1]:9411', '10.0.0.7', 'zipkin:9411', 'trace-store'])(
    'may be %s',
    async (host) => {
      expect(await statusFor(server, host)).toBe(200);
    },
  );

  it('may be a name that is allowed, or any name where the store does not listen on loopback', async () => {
    const named = await startTraceStore({ port: 0, allowedHosts: ['traces.example'] });
    expect(await statusFor(named, 'traces.example:9411')).toBe(200);
    expect(await statusFor(named, 'evil.example')).toBe(403);
    await named.close();
    const open = await startTraceStore({ port: 0, host: '0.0.0.0' });
    expect(await statusFor(open, 'traces.example')).toBe(200);
    await open.close();
  });
});

describe('the server', () => {
  it('is healthy', async () => {
    expect(await client.json('/health')).toEqual({
      status: 'UP',
      zipkin: { status: 'UP', details: { TraceStore: { status: 'UP' } } },
    });
  });

  it('cuts off a body that never ends, with 408', async () => {
    const brief = await startTraceStore({ port: 0, requestMs: 200 });
    const { hostname, port } = new URL(brief.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      'POST /api/v2/spans HTTP/1.1\r\nhost: zipkin\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n[',
    );
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 .*the request took too long to arrive$/s);
    await brief.close();
  });

  it('says which API it speaks', async () => {
    expect(await client.json('/info')).toEqual({
      zipkin: { version: '3.5.1', commit: 'sock-shop' },
    });
  });

  it.each(['/', '/zipkin', '/zipkin/', '/zipkin/traces/abc'])(
    'describes itself at %s',
    async (path) => {
      const response = await client.get(path);
      expect([response.status, await response.text()]).toEqual([
        200,
        "Traces of the sock shop, by Zipkin's API: /api/v2/traces\n",
      ]);
    },
  );

  it('redirects / to its home page when it has one', async () => {
    const home = 'http://127.0.0.1:8080/observatory';
    const homely = await startTraceStore({ port: 0, home });
    const response = await new ZipkinClient(homely.url).get('/');
    await homely.close();
    expect([response.status, response.headers.get('location')]).toEqual([302, home]);
    const asked = await startTraceStore({
      port: 0,
      home: (hostname) => `http://${hostname}:8080/observatory`,
    });
    const byName = await new ZipkinClient(asked.url).get('/');
    await asked.close();
    expect(byName.headers.get('location')).toBe(home);
  });

  it("leads from the addresses of Zipkin's pages to the home page, and to the trace there", async () => {
    const homely = await startTraceStore({ port: 0, home: 'http://127.0.0.1:8080/observatory' });
    const pages = new ZipkinClient(homely.url);
    const locations = await Promise.all(
      ['/zipkin', '/zipkin/', `/zipkin/traces/${TRACE_ID}`].map(async (path) =>
        (await pages.get(path)).headers.get('location'),
      ),
    );
    await homely.close();
    const home = 'http://127.0.0.1:8080/observatory';
    expect(locations).toEqual([home, home, `${home}?trace=${TRACE_ID}`]);
  });

  it('keeps no more than its limits allow', async () => {
    const small = await startTraceStore({ port: 0, maxSpans: 1 });
    await new ZipkinClient(small.url).post([browse]);
    await new ZipkinClient(small.url).post([other]);
    await small.close();
    expect(small.store.serviceNames()).toEqual(['user']);
  });

  it('names the port that is in use', async () => {
    const port = Number(new URL(server.url).port);
    await expect(startTraceStore({ port })).rejects.toMatchObject({ code: 'EADDRINUSE', port });
  });

  it('closes while exporters keep their connections open', async () => {
    const own = await startTraceStore({ port: 0 });
    await (await new ZipkinClient(own.url).post([browse])).text(); // fetch keeps it open
    await own.close();
    await expect(new ZipkinClient(own.url).get('/health')).rejects.toThrow('fetch failed');
  });
});
