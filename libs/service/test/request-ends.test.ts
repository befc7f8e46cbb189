import { afterEach, describe, expect, it } from '@jest/globals';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { ended, until } from '@sockshop/testing';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { send, type Shelf, startShelf } from './sock-shelf.ts';

const PATIENCE = 'x-envoy-expected-rq-timeout-ms';
const GONE = { status: 499, error: 'cancelled', failed: false };
const LATE = { status: 504, error: 'timeout', failed: true };
const CUT = { status: 503, error: 'shutdown', failed: true };

let shelf: Shelf;
afterEach(async () => {
  shelf.gate.release();
  await shelf.service.close();
});

/** A connection of its own that has sent these lines. */
async function caller(lines: readonly string[], body = ''): Promise<Socket> {
  const socket = connect(shelf.service.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => undefined); // the server may reset it
  socket.write(`${[lines[0], 'host: shelf', ...lines.slice(1)].join('\r\n')}\r\n\r\n${body}`);
  return socket;
}

/** What became of the one traced request. */
async function end() {
  const [span] = await ended(shelf.spans, 1);
  const { attributes, status } = span!;
  return {
    status: attributes['http.response.status_code'],
    error: attributes['error.type'],
    failed: status.code === SpanStatusCode.ERROR,
  };
}

/** Requests, and failures among them, by route and outcome: as the spans count them. */
function redOfSpans(spans: InMemorySpanExporter): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind, attributes, status } of spans.getFinishedSpans()) {
    if (kind !== SpanKind.SERVER) continue;
    const [method, route = '', code, error = ''] = [
      'http.request.method',
      'http.route',
      'http.response.status_code',
      'error.type',
    ].map((name) => attributes[name] as string | undefined);
    const key = [
      method,
      route,
      code,
      error,
      status.code === SpanStatusCode.ERROR ? 'failed' : '',
    ].join(' ');
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** The same as the metrics count them: a series fails if it has an `error_type` that is not `cancelled`. */
async function redOfMetrics({ telemetry }: Shelf): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const text = await telemetry.metrics.registry.metrics();
  for (const [, labels = '', count] of text.matchAll(
    /^http_server_request_duration_seconds_count\{(.*)\} (\d+)$/gm,
  )) {
    const label = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
    const error = label('error_type');
    const key = [
      label('http_request_method'),
      label('http_route'),
      label('http_response_status_code'),
      error,
      error === '' || error === 'cancelled' ? '' : 'failed',
    ].join(' ');
    counts[key] = (counts[key] ?? 0) + Number(count);
  }
  return counts;
}

const agree = async (): Promise<void> => {
  expect(await redOfMetrics(shelf)).toEqual(redOfSpans(shelf.spans));
};

describe.each([
  ['the edge', true],
  ['a service behind it', false],
])('a request to %s', (_where, edge) => {
  const start = async (): Promise<void> => {
    shelf = await startShelf({ definition: { http: { edge } } });
  };
  const unsaid = edge ? GONE : LATE;
  const body = ['content-type: application/json', 'content-length: 17'];
  const get = ['GET /socks/gate HTTP/1.1'];
  const post = ['POST /socks/gate HTTP/1.1', ...body];
  it.each([
    ['did not say how long it waits', get, unsaid],
    ['had waited less than it said', [...get, `${PATIENCE}: 60000`], GONE],
    ['had waited as long as it said', [...get, `${PATIENCE}: 1`], LATE],
    ['said so in no number', [...get, `${PATIENCE}: soon`], unsaid],
    ['had sent a body', post, unsaid],
    ['had sent a body and waited as long as it said', [...post, `${PATIENCE}: 1`], LATE],
  ])('whose caller goes while it is handled and %s', async (_how, lines, expected) => {
    await start();
    const socket = await caller(lines, lines.length > 2 ? '{"sock":"colour"}' : '');
    await until(() => shelf.gate.waiting === 1);
    socket.destroy();
    expect(await end()).toEqual(expected);
    await agree();
  });

  it('whose caller resets the connection before the request is read', async () => {
    await start();
    const socket = await caller(get);
    socket.resetAndDestroy(); // at once: the server reads both together
    expect(await end()).toEqual(unsaid);
    await agree();
  });

  it('whose caller goes while its body is read', async () => {
    await start();
    const socket = await caller([...post, 'expect: 100-continue']);
    await once(socket, 'data'); // the server reads the body now
    socket.write('{"sock"');
    socket.destroy();
    expect(await end()).toEqual(unsaid);
    expect(shelf.gate.waiting).toBe(0);
    await agree();
  });

  it('whose caller goes while the response is written', async () => {
    await start();
    const socket = await caller(['GET /socks/flood HTTP/1.1', `${PATIENCE}: 60000`]);
    await once(socket, 'data');
    socket.destroy();
    expect(await end()).toEqual({ ...GONE, status: 200 }); // which was sent
    await agree();
  });

  it('that is cut by a shutdown', async () => {
    await start();
    await caller(['GET /socks/gate HTTP/1.1', `${PATIENCE}: 60000`]);
    await until(() => shelf.gate.waiting === 1);
    await shelf.service.close();
    expect(await end()).toEqual(CUT);
    await agree();
  });

  it('whose caller goes during a shutdown is not cut by it', async () => {
    await start();
    const socket = await caller(['GET /socks/gate HTTP/1.1', `${PATIENCE}: 60000`]);
    await until(() => shelf.gate.waiting === 1);
    const closed = shelf.service.close();
    socket.destroy();
    await closed;
    expect(await end()).toEqual(GONE);
    await agree();
  });

  it('whose body does not arrive in time is a mistake of its caller', async () => {
    shelf = await startShelf({ definition: { http: { edge }, requestMs: 200 } });
    const socket = await caller(post, '{"sock"');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 408 /);
    expect(await end()).toEqual({ status: 408, error: undefined, failed: false });
    await agree();
  });

  it('that fails counts once, whatever its caller does then', async () => {
    await start();
    await send(shelf.service.url, 'GET', '/socks/fail/unavailable');
    expect(await end()).toEqual({ status: 503, error: '503', failed: true });
    await agree();
  });
});

describe('a request that is not traced', () => {
  it('makes no span when its caller goes, and is measured', async () => {
    shelf = await startShelf({ definition: { http: { untracedBelow: ['/socks/pictures/'] } } });
    const socket = await caller(['GET /socks/pictures/gate HTTP/1.1']);
    await until(() => shelf.gate.waiting === 1);
    socket.destroy();
    await until(async () => Object.keys(await redOfMetrics(shelf)).length === 1);
    expect(await redOfMetrics(shelf)).toEqual({
      'GET /socks/pictures/gate 504 timeout failed': 1,
    });
    expect(shelf.spans.getFinishedSpans()).toEqual([]);
  });
});
