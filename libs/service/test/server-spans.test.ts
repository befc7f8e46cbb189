import { SpanKind } from '@opentelemetry/api';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { randomUUID } from 'node:crypto';
import { ended } from '@sockshop/testing';
import { send, type Shelf, startShelf } from './sock-shelf.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const UNSET = { code: 0 };
const ERROR = { code: 2 };

const servers = (spans: ReadableSpan[]): ReadableSpan[] =>
  spans.filter(({ kind }) => kind === SpanKind.SERVER);

describe('a request', () => {
  let shelf: Shelf;
  beforeAll(async () => {
    shelf = await startShelf({
      definition: {
        http: { untracedBelow: ['/socks/pictures/'], serverTiming: true },
      },
    });
  });
  afterEach(() => {
    shelf.spans.reset();
  });
  afterAll(() => shelf.service.close());
  const get = (path: string, headers: Record<string, string> = {}) =>
    send(shelf.service.url, 'GET', path, headers);

  it('is one SERVER span with all its attributes', async () => {
    const headers = { host: 'shelf.localhost:8080', 'user-agent': 'sock-test/1.0' };
    await get('/socks/a7?size=3&x=y', headers);
    const [inner, server] = await ended(shelf.spans, 2);
    expect(server?.name).toBe('GET /socks/{id}');
    expect(server?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.route': '/socks/{id}',
      'code.function.name': 'SocksController.sock',
      'http.response.status_code': 200,
      'url.path': '/socks/a7',
      'url.query': 'size=3&x=y',
      'url.scheme': 'http',
      'server.address': 'shelf.localhost',
      'server.port': 8080,
      'client.address': '127.0.0.1',
      'network.protocol.version': '1.1',
      'user_agent.original': 'sock-test/1.0',
    });
    expect(server).toMatchObject({ kind: SpanKind.SERVER, status: UNSET, events: [] });
    expect(inner?.parentSpanContext?.spanId).toBe(server?.spanContext().spanId);
    expect(shelf.spans.getFinishedSpans()).toHaveLength(2);
  });

  it.each([
    ['GET', '/socks?size=1', 'SocksController.list'],
    ['HEAD', '/socks', 'SocksController.list'],
    ['POST', '/socks', 'SocksController.add'],
    ['GET', '/nosuch', undefined],
  ])('%s %s names the method that handles it', async (method, path, name) => {
    await send(shelf.service.url, method, path);
    const [server] = servers(await ended(shelf.spans, 1));
    expect(server?.attributes['code.function.name']).toBe(name);
  });

  it('keeps secrets out of the query', async () => {
    await get('/socks?size=3&password=hush&token=hush');
    const [span] = await ended(shelf.spans, 1);
    expect(span?.attributes['url.query']).toBe('size=3&password=REDACTED&token=REDACTED');
  });

  it('has no query attribute without a query', async () => {
    await get('/socks');
    expect((await ended(shelf.spans, 1))[0]?.attributes).not.toHaveProperty('url.query');
  });

  it('sends the browser its span, unless it has none or none that can be found', async () => {
    const sampled = await get('/socks', { traceparent: `00-${TRACE}-${SPAN}-01` });
    const [server] = await ended(shelf.spans, 1);
    const { spanId } = server!.spanContext();
    const timing = `traceparent;desc="00-${TRACE}-${spanId}-01"`;
    expect(sampled.headers['server-timing']).toBe(timing);
    const not = await get('/socks', { traceparent: `00-${TRACE}-${SPAN}-00` });
    expect(not.headers).not.toHaveProperty('server-timing');
    expect(not.headers).not.toHaveProperty('x-trace-id');
    const picture = await get('/socks/pictures/a7', { traceparent: `00-${TRACE}-${SPAN}-01` });
    expect(picture.headers).not.toHaveProperty('server-timing');
  });

  it("continues the caller's trace and answers with its id", async () => {
    const { headers } = await get('/socks', { traceparent: `00-${TRACE}-${SPAN}-01` });
    const [server] = await ended(shelf.spans, 1);
    expect(headers['x-trace-id']).toBe(TRACE);
    expect(server?.spanContext().traceId).toBe(TRACE);
    expect(server?.parentSpanContext).toMatchObject({ spanId: SPAN, isRemote: true });
  });

  it('answers with a new trace id when none was sent, also on errors', async () => {
    for (const path of ['/socks', '/nosuch', '/socks/fail/unknown', '/socks/%zz']) {
      const { headers } = await get(path);
      const [server] = servers(await ended(shelf.spans, 1));
      expect([path, headers['x-trace-id']]).toEqual([path, server?.spanContext().traceId]);
      shelf.spans.reset();
    }
  });

  it.each([
    ['/socks', 200, UNSET, undefined],
    ['/socks?size=0', 400, UNSET, undefined],
    ['/nosuch', 404, UNSET, undefined],
    ['/socks/fail/shop', 406, UNSET, undefined],
    ['/socks/fail/unknown', 500, ERROR, '500'],
    ['/socks/fail/unavailable', 503, ERROR, '503'],
  ])('to %s answered %d has status %j', async (path, code, status, errorType) => {
    await get(path);
    const [server] = await ended(shelf.spans, 1);
    expect(server?.status).toEqual(status);
    expect(server?.attributes['http.response.status_code']).toBe(code);
    expect(server?.attributes['error.type']).toBe(errorType);
    const exceptions = server?.events.map(({ attributes }) => attributes?.['exception.type']);
    expect(exceptions).toHaveLength(errorType === undefined ? 0 : 1);
    const metrics = await shelf.telemetry.metrics.registry.metrics();
    const label = errorType === undefined ? 'url_scheme="http"' : `error_type="${errorType}"`;
    expect(metrics).toMatch(
      new RegExp(
        `^http_server_request_duration_seconds_count\\{.*status_code="${code}".*${label}\\} [1-9]`,
        'm',
      ),
    );
  });

  it('has a name of low cardinality for any path that a scanner tries', async () => {
    const paths = Array.from({ length: 10_000 }, (_, index) => {
      const id = randomUUID();
      return [`/socks/${id}`, `/${id}`, `/socks/${id}/${id}`, `/wp-admin/${id}.php`, `/%zz${id}`][
        index % 5
      ]!;
    });
    for (let from = 0; from < paths.length; from += 50) {
      await Promise.all(paths.slice(from, from + 50).map((path) => get(path)));
    }
    const names = servers(await ended(shelf.spans, 12_000)).map(({ name }) => name);
    expect(names).toHaveLength(10_000);
    expect([...new Set(names)].sort().slice(0, 10)).toEqual(['GET', 'GET /socks/{id}']);
    const metrics = await shelf.telemetry.metrics.registry.metrics();
    const routes = new Set(
      Array.from(metrics.matchAll(/(?:http_route|path|route)="([^"]*)"/g), ([, route]) => route),
    );
    expect(
      [...routes].filter((route) => !route?.startsWith('/socks') && route !== 'unmatched'),
    ).toEqual([]);
    expect(routes.size).toBeLessThan(10);
  });

  it.each(['PROPFIND', 'PURGE'])('with the unknown verb %s is named HTTP', async (verb) => {
    await send(shelf.service.url, verb, '/socks');
    const [server] = await ended(shelf.spans, 1);
    expect(server?.name).toBe('HTTP');
    expect(server?.attributes).toMatchObject({
      'http.request.method': '_OTHER',
      'http.request.method_original': verb,
      'http.response.status_code': 405,
    });
    expect(await shelf.telemetry.metrics.registry.metrics()).toContain(
      'http_request_method="_OTHER"',
    );
  });

  it('keeps its context after reading the body, for 100 simultaneous requests', async () => {
    const name = 'x'.repeat(50_000); // more than one piece
    const answers = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const response = await fetch(`${shelf.service.url}/socks`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ name, price: 1 }),
        });
        const body = (await response.json()) as { active: boolean; trace: { trace_id: string } };
        expect(body.active).toBe(true);
        expect(body.trace.trace_id).toBe(response.headers.get('x-trace-id'));
        return body.trace.trace_id;
      }),
    );
    expect(new Set(answers).size).toBe(100);
    const logged = shelf.lines.filter(({ message }) => message === 'sock added');
    expect(new Set(logged.map((line) => line['trace_id']))).toEqual(new Set(answers));
  });

  it.each(['/health', '/livez', '/readyz', '/metrics', '/prometheus'])(
    'to the probe %s is not traced',
    async (path) => {
      expect((await get(path, { traceparent: `00-${TRACE}-${SPAN}-01` })).status).toBe(200);
      await get('/socks');
      expect((await ended(shelf.spans, 1)).map(({ name }) => name)).toEqual(['GET /socks']);
    },
  );

  it('without a trace has no inner spans either', async () => {
    expect((await get('/socks/pictures/holy.svg')).status).toBe(200);
    expect((await get('/socks/pictures/%zz')).status).toBe(400);
    await get('/socks');
    expect((await ended(shelf.spans, 1)).map(({ name }) => name)).toEqual(['GET /socks']);
  });
});

describe('with the SDK disabled', () => {
  it('a request gets no trace id, and the service keeps the one it was sent with', async () => {
    const shelf = await startShelf({ env: { OTEL_SDK_DISABLED: 'true' } });
    const own = await send(shelf.service.url, 'GET', '/nosuch');
    expect(own.headers['x-trace-id']).toBeUndefined();
    expect(JSON.parse(own.body)).not.toHaveProperty('trace_id');
    const traced = await send(shelf.service.url, 'GET', '/nosuch', {
      traceparent: `00-${TRACE}-${SPAN}-01`,
    });
    expect(traced.headers['x-trace-id']).toBeUndefined(); // its trace cannot be found here
    expect(JSON.parse(traced.body)).toMatchObject({ trace_id: TRACE });
    await shelf.service.close();
  });
});
