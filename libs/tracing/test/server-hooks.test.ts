import { afterEach, describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { ended, until } from '@sockshop/testing';
import { fastify } from 'fastify';
import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type EndedRequest, FastifyRequests, type FastifyTracingOptions } from '../src/fastify.ts';
import { NodeRequests } from '../src/node-http.ts';
import { inSpan, Traced } from '../src/spans.ts';
import { tracingConfig } from '../src/tracing-config.ts';
import { Tracing } from '../src/tracing.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const TRACEPARENT = `00-${TRACE}-b7ad6b7169203331-01`;

class Shelf {
  @Traced('look up')
  sock(id: string): Promise<string> {
    return Promise.resolve(id);
  }
}

interface Server {
  readonly url: string;
  readonly spans: InMemorySpanExporter;
  readonly requests: EndedRequest[];
  /** How many requests wait for an end that never comes. */
  readonly hanging: () => number;
  readonly close: () => Promise<void>;
}

/** The same server in both ways: /socks/{id}, /broken, /hang, and /health, which is not traced. */
const SERVERS = {
  fastify: async (options: Partial<FastifyTracingOptions>, env = {}): Promise<Server> => {
    const { tracing, spans, requests } = await telemetry(env);
    let hanging = 0;
    const server = fastify({ forceCloseConnections: true });
    const hook = new FastifyRequests(tracing, {
      ...options,
      ended: (request) => requests.push(request),
    });
    hook.trace(server);
    server.get('/socks/:id', ({ params }) => new Shelf().sock((params as { id: string }).id));
    server.get('/broken', () => Promise.reject(new Error('broken')));
    server.get('/hang', () => {
      hanging += 1;
      return new Promise(() => undefined);
    });
    server.get('/health', { config: { traced: false } }, () =>
      inSpan(tracing, 'look', {}, () => 'well'),
    );
    const url = await server.listen({ port: 0, host: '127.0.0.1' });
    const close = async (): Promise<void> => {
      hook.shutdown();
      await server.close();
      await hook.drained();
    };
    return { url, spans, requests, hanging: () => hanging, close };
  },
  'node:http': async (options: Partial<FastifyTracingOptions>, env = {}): Promise<Server> => {
    const { tracing, spans, requests } = await telemetry(env);
    let hanging = 0;
    const hook = new NodeRequests(tracing, {
      ...options,
      route: ({ url = '' }) =>
        url.startsWith('/socks/') ? '/socks/{id}' : url === '/nosuch' ? undefined : url,
      traced: ({ url }) => url !== '/health',
      ended: (request) => requests.push(request),
    });
    const server = createServer(
      hook.trace(({ url = '' }, response) => {
        if (url === '/hang') hanging += 1;
        else if (url === '/broken') response.writeHead(500).end();
        else if (url === '/nosuch') response.writeHead(404).end();
        else if (url === '/health') {
          void inSpan(tracing, 'look', {}, () => response.end('well'));
        } else void new Shelf().sock(url).then((sock) => response.end(sock));
      }),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const close = async (): Promise<void> => {
      hook.shutdown();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await hook.drained();
    };
    return {
      url: `http://127.0.0.1:${port}`,
      spans,
      requests,
      hanging: () => hanging,
      close,
    };
  },
};

async function telemetry(env: Record<string, string>) {
  const spans = new InMemorySpanExporter();
  const tracing = await Tracing.start('shelf', tracingConfig(env), spans);
  const requests: EndedRequest[] = [];
  return { tracing, spans, requests };
}

const shown = ({ name, kind, attributes, status }: ReadableSpan) => [
  name,
  SpanKind[kind],
  attributes['http.response.status_code'],
  attributes['error.type'],
  status.code,
];

describe.each(Object.keys(SERVERS) as (keyof typeof SERVERS)[])('a server of %s', (kind) => {
  let server: Server;
  afterEach(() => server.close());

  it('has one SERVER span a request, in the trace of its caller, around what the handler does', async () => {
    server = await SERVERS[kind]({});
    const response = await fetch(`${server.url}/socks/a7?token=hush`, {
      headers: { traceparent: TRACEPARENT, 'user-agent': 'sock-test' },
    });
    expect(await response.text()).toContain('a7');
    const [inner, span] = await ended(server.spans, 2);
    expect(span?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.route': '/socks/{id}',
      'http.response.status_code': 200,
      'url.path': '/socks/a7',
      'url.query': 'token=REDACTED',
      'url.scheme': 'http',
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(server.url).port),
      'client.address': '127.0.0.1',
      'network.protocol.version': '1.1',
      'user_agent.original': 'sock-test',
    });
    expect(shown(span!)).toEqual(['GET /socks/{id}', 'SERVER', 200, undefined, 0]);
    expect(span?.spanContext().traceId).toBe(TRACE);
    expect(inner?.parentSpanContext?.spanId).toBe(span?.spanContext().spanId);
  });

  it('gives the end of each request to a callback, with the figures of its span', async () => {
    server = await SERVERS[kind]({});
    for (const path of ['/socks/a7', '/nosuch', '/broken', '/health']) {
      await fetch(`${server.url}${path}`);
    }
    await until(() => server.requests.length === 4);
    expect(
      server.requests.map(({ method, route, status, errorType }) => [
        method,
        route,
        status,
        errorType,
      ]),
    ).toEqual([
      ['GET', '/socks/{id}', 200, undefined],
      ['GET', undefined, 404, undefined],
      ['GET', '/broken', 500, '500'],
      ['GET', '/health', 200, undefined],
    ]);
    expect(server.requests[0]?.seconds).toBeGreaterThan(0);
    expect(server.spans.getFinishedSpans().map(shown)).toEqual([
      ['look up', 'INTERNAL', undefined, undefined, 0],
      ['GET /socks/{id}', 'SERVER', 200, undefined, 0],
      ['GET', 'SERVER', 404, undefined, 0],
      ['GET /broken', 'SERVER', 500, '500', 2],
    ]);
  });

  it.each([
    [{}, { 'code.function.name': 'Shelf.sock' }],
    [
      { TRACING_MVC_TAGS: 'true' },
      {
        'code.function.name': 'Shelf.sock',
        'mvc.controller.class': 'Shelf',
        'mvc.controller.method': 'sock',
      },
    ],
  ])('names the function that handles a route; with %j', async (env, names) => {
    const asked: string[] = [];
    const handler = (method: string, template: string): string => {
      asked.push(`${method} ${template}`);
      return 'Shelf.sock';
    };
    server = await SERVERS[kind]({ handler }, env);
    await fetch(`${server.url}/socks/a7`);
    const [, span] = await ended(server.spans, 2);
    const shown = Object.entries(span!.attributes).filter(([name]) => /^(code|mvc)\./.test(name));
    expect(Object.fromEntries(shown)).toEqual(names);
    expect(asked).toContain('GET /socks/{id}');
  });

  it.each([
    ['goes', '60000', ['GET /hang', 'SERVER', 499, 'cancelled', 0]],
    [
      'goes after it has waited as long as it said',
      '1',
      ['GET /hang', 'SERVER', 504, 'timeout', 2],
    ],
    ['does not say and goes', undefined, ['GET /hang', 'SERVER', 504, 'timeout', 2]],
  ])('whose caller %s says so', async (_how, patience, expected) => {
    server = await SERVERS[kind]({ abortMeans: 'timeout' });
    const headers = patience === undefined ? {} : { 'x-envoy-expected-rq-timeout-ms': patience };
    const sent = httpRequest(`${server.url}/hang`, { headers });
    sent.on('error', () => undefined);
    sent.end();
    await until(() => server.hanging() === 1);
    sent.destroy();
    expect((await ended(server.spans, 1)).map(shown)).toEqual([expected]);
    expect(server.requests[0]).toMatchObject({ status: expected[2], errorType: expected[3] });
  });

  it('that is shut down says so of the requests it cuts', async () => {
    server = await SERVERS[kind]({});
    const cut = fetch(`${server.url}/hang`).catch(() => 'cut');
    await until(() => server.hanging() === 1);
    await server.close();
    expect(await cut).toBe('cut');
    expect(server.spans.getFinishedSpans().map(shown)).toEqual([
      ['GET /hang', 'SERVER', 503, 'shutdown', 2],
    ]);
  });
});
