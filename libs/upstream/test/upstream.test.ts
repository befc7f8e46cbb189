import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { Telemetry } from '@sockshop/telemetry';
import { tracingConfig } from '@sockshop/tracing';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';
import { z } from 'zod';
import { type Answer, BlackHole, CUT, ended, HANG, StandIn, until } from '@sockshop/testing';
import { Upstream, type UpstreamOptions } from '../src/upstream.ts';
import { UpstreamError } from '../src/upstream-error.ts';
import { Log } from './log.ts';

const Sock = z.object({ id: z.string(), price: z.number() });
const HOLY = { id: '03fef6ac', price: 99.99 };
const OK = { status: 200, body: HOLY };

let telemetry: Telemetry;
let spans: InMemorySpanExporter;
let other: StandIn;
let upstream: Upstream;
beforeEach(async () => {
  spans = new InMemorySpanExporter();
  telemetry = await Telemetry.start('front-end', tracingConfig({}), spans);
});
afterEach(async () => {
  await other.close();
  await upstream.close();
  await telemetry.shutdown();
});

function reach(options: Partial<UpstreamOptions> = {}): Upstream {
  const log = new Log();
  // A busy machine answers late; the tests of deadlines set their own.
  const timeoutMs = 60_000;
  upstream = new Upstream({
    name: 'catalogue',
    baseUrl: other.url,
    telemetry,
    log,
    timeoutMs,
    ...options,
  });
  return upstream;
}
const failure = async (call: Promise<unknown>): Promise<UpstreamError> => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UpstreamError)) throw new Error('no UpstreamError', { cause: error });
  return error;
};

/** Answers only when what it puts into the list is called. */
const heldIn = (held: (() => void)[]) => () =>
  new Promise<Answer>((resolve) => {
    held.push(() => {
      resolve(OK);
    });
  });

describe('with a router', () => {
  it('calls the service there by its name, which the span names, too', async () => {
    other = await StandIn.start(() => OK);
    reach({ baseUrl: 'http://catalogue', meshUrl: other.url });
    expect(await upstream.get('/catalogue/{id}', Sock, { params: { id: '03fef6ac' } })).toEqual(
      HOLY,
    );
    expect(other.received[0]).toMatchObject({
      path: '/catalogue/03fef6ac',
      headers: { host: 'catalogue' },
    });
    const [span] = await ended(spans, 1);
    expect(span?.attributes).toMatchObject({
      'server.address': 'catalogue',
      'server.port': 80,
      'url.full': 'http://catalogue/catalogue/03fef6ac',
    });
  });

  it('calls an address that is not the name of the service directly', async () => {
    other = await StandIn.start(() => OK);
    reach({ meshUrl: 'http://127.0.0.1:1' });
    expect(await upstream.get('/catalogue/{id}', Sock, { params: { id: '03fef6ac' } })).toEqual(
      HOLY,
    );
  });
});

describe('a request', () => {
  it('fills the template, encoded, after the prefix of the base URL', async () => {
    other = await StandIn.start(() => OK);
    const sock = await reach({ baseUrl: `${other.url}/shop/` }).get('/catalogue/{id}/{tag}', Sock, {
      params: { id: '../a b?c#d', tag: 'ü%' },
      query: { size: 3, q: 'a&b=c', none: undefined },
    });
    expect(sock).toEqual(HOLY);
    expect(other.received[0]?.url).toBe(
      '/shop/catalogue/..%2Fa%20b%3Fc%23d/%C3%BC%25?size=3&q=a%26b%3Dc',
    );
  });

  it.each(['\ud800', 'a\udc00b', '\ud83d'])(
    'takes half of a surrogate pair, as stored data may hold, for U+FFFD: %j',
    async (half) => {
      other = await StandIn.start(() => OK);
      const whole = half.toWellFormed();
      const body = { id: half, tags: [{ name: half }], price: 1, '😀': '😀\\ud800' };
      const params = { id: half };
      await reach().post('/socks/{id}', Sock, { params, query: { q: half }, body });
      const encoded = encodeURIComponent(whole);
      expect(other.received[0]?.url).toBe(`/socks/${encoded}?q=${encoded}`);
      expect(JSON.parse(other.received[0]?.text ?? '')).toEqual({
        ...body,
        id: whole,
        tags: [{ name: whole }],
      });
    },
  );

  it('carries headers, a JSON body and the trace context', async () => {
    other = await StandIn.start(() => ({ status: 201, body: HOLY }));
    const headers = { 'idempotency-key': 'k1', host: 'catalogue.example' };
    await reach().post('/socks', Sock, { body: { name: 'Hölzer' }, headers });
    expect(other.received[0]).toMatchObject({
      method: 'POST',
      text: '{"name":"Hölzer"}',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': 'k1',
        host: 'catalogue.example',
        traceparent: expect.stringMatching(/^00-[\da-f]{32}-[\da-f]{16}-01$/),
        'x-b3-traceid': expect.stringMatching(/^[\da-f]{32}$/),
        'x-b3-spanid': expect.stringMatching(/^[\da-f]{16}$/),
        'x-b3-sampled': '1',
      },
    });
  });

  it('names the service in the Host header where its address is a loopback one', async () => {
    other = await StandIn.start(() => OK);
    await reach().get('/socks', Sock);
    expect(other.received[0]?.headers.host).toBe('catalogue');
  });

  it('has no content type without a body', async () => {
    other = await StandIn.start(() => ({ status: 204 }));
    const response = await reach().request({ method: 'DELETE', path: '/carts/1' });
    expect([response.status, response.text()]).toEqual([204, '']);
    expect(other.received[0]?.headers).not.toHaveProperty('content-type');
  });

  it('without a value for its template is refused before it is sent, as a mistake of the caller', async () => {
    other = await StandIn.start(() => OK);
    const call = reach().request({ method: 'GET', path: '/catalogue/{id}' });
    await expect(call).rejects.toThrow('no value for {id} of /catalogue/{id}');
    await expect(call).rejects.not.toBeInstanceOf(UpstreamError);
    expect(other.received).toEqual([]);
  });

  it('reuses its connections', async () => {
    other = await StandIn.start(() => OK);
    reach();
    for (let count = 0; count < 20; count += 1) await upstream.get('/socks', Sock);
    expect(other.connections).toBeLessThanOrEqual(2);
  });

  it('runs beside at most 63 others of its route', async () => {
    let running = 0;
    let most = 0;
    other = await StandIn.start(async () => {
      most = Math.max(most, (running += 1));
      await pause(5);
      running -= 1;
      return OK;
    });
    reach();
    await Promise.all(Array.from({ length: 300 }, () => upstream.get('/socks', Sock)));
    expect(other.received).toHaveLength(300);
    expect(most).toBeLessThanOrEqual(64);
  });
});

describe('an answer', () => {
  it.each([200, 201, 302, 400, 401, 404, 406, 409, 422])('of %d is returned', async (status) => {
    other = await StandIn.start(() => ({ status: status, body: { message: 'as it is' } }));
    const response = await reach().request({ method: 'GET', path: '/socks' });
    expect([response.status, response.ok]).toEqual([status, status < 400]);
    expect(response.json(z.object({ message: z.string() }))).toEqual({ message: 'as it is' });
    expect(response.headers['content-type']).toBe('application/json');
    expect(other.received).toHaveLength(1);
  });

  it('of 404 is an UpstreamError to get(), with the status it had', async () => {
    other = await StandIn.start(() => ({ status: 404, body: {} }));
    expect(await failure(reach().get('/socks', Sock))).toMatchObject({
      message: 'catalogue answered with an error',
      upstream: 'catalogue',
      reason: 'status',
      upstreamStatus: 404,
      status: 503,
      headers: { 'retry-after': '1' },
    });
  });

  it.each([
    ['is no JSON', '<html>5544154011345918'],
    ['is cut off', '{"longNum":"5544154011345918",'],
    ['lacks a field', '{"id":"5544154011345918"}'],
    ['has a field of another type', '{"id":5544154011345918,"price":2}'],
    ['is empty', ''],
  ])('whose body %s is an UpstreamError that tells nothing of the body', async (_case, body) => {
    other = await StandIn.start(() => ({ status: 200, body }));
    const error = await failure(reach().get('/socks', Sock));
    expect(error).toMatchObject({ reason: 'body', upstreamStatus: 200 });
    expect(inspect(error, { depth: 9 })).not.toContain('5544154011345918');
    expect(other.received).toHaveLength(1);
  });
});

describe('the deadline', () => {
  it('bounds the wait for an answer', async () => {
    other = await StandIn.start(() => HANG);
    const error = await failure(reach({ timeoutMs: 50 }).get('/socks', Sock));
    expect(error).toMatchObject({ reason: 'timeout', message: 'catalogue did not answer in time' });
    expect(other.received).toHaveLength(1); // not tried again: no time is left
  });

  it('bounds a body that never ends', async () => {
    other = await StandIn.start(() => (response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 5);
      response.on('close', () => {
        clearInterval(drip);
      });
    });
    expect((await failure(reach({ timeoutMs: 60 }).get('/socks', Sock))).reason).toBe('timeout');
  });

  it('bounds all attempts together', async () => {
    other = await StandIn.start((_request, earlier) =>
      earlier === 0 ? { status: 503, body: {} } : HANG,
    );
    expect((await failure(reach({ timeoutMs: 500 }).get('/socks', Sock))).reason).toBe('timeout');
    expect(other.received).toHaveLength(2);
  });
});

describe('a failed attempt', () => {
  it.each([502, 503, 504])('of a read is repeated after %d', async (status) => {
    other = await StandIn.start((_request, earlier) => ({
      status: earlier < 2 ? status : 200,
      body: HOLY,
    }));
    expect(await reach().get('/socks', Sock)).toEqual(HOLY);
    expect(other.received).toHaveLength(3);
  });

  it.each([
    ['after connecting has taken a second, three times', 60_000, 'unreachable', 3],
    ['at its deadline, if that comes first', 100, 'timeout', 1],
  ])(
    'of a write to an address that drops packets fails %s',
    async (_when, timeoutMs, reason, attempts) => {
      other = await StandIn.start(() => OK);
      const hole = await BlackHole.open();
      reach({ baseUrl: hole.url, timeoutMs });
      const began = performance.now();
      const error = await failure(upstream.request({ method: 'POST', path: '/socks' }));
      expect(error.reason).toBe(reason);
      expect(performance.now() - began).toBeLessThan(attempts * 8000); // undici's own limit is 10 s
      expect(await ended(spans, attempts)).toHaveLength(attempts);
      await hole.close();
    },
  );

  it('that its caller gives up before it is connected ends at once', async () => {
    other = await StandIn.start(() => OK);
    const hole = await BlackHole.open();
    reach({ baseUrl: hole.url, timeoutMs: 60_000 });
    const caller = new AbortController();
    const request = { method: 'POST', path: '/socks', signal: caller.signal } as const;
    const given = failure(upstream.request(request));
    caller.abort();
    expect((await given).reason).toBe('cancelled');
    expect((await failure(upstream.request(request))).reason).toBe('cancelled');
    await hole.close();
  });

  it('of a read is repeated after a broken connection', async () => {
    other = await StandIn.start((_request, earlier) => (earlier === 0 ? CUT : OK));
    expect(await reach().get('/socks', Sock)).toEqual(HOLY);
    expect(other.received).toHaveLength(2);
  });

  it.each([400, 404, 429, 500, 501])('of a read is not repeated after %d', async (status) => {
    other = await StandIn.start(() => ({ status: status, body: {} }));
    const response = await reach().request({ method: 'GET', path: '/socks' });
    expect(response.status).toBe(status);
    expect(other.received).toHaveLength(1);
  });

  it('of a read is repeated twice at most, then answered as it is', async () => {
    other = await StandIn.start(() => ({ status: 503, body: { message: 'unavailable' } }));
    const response = await reach().request({ method: 'GET', path: '/socks' });
    expect([response.status, response.text()]).toEqual([503, '{"message":"unavailable"}']);
    expect(other.received).toHaveLength(3);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)(
    'of a %s is never repeated',
    async (method) => {
      other = await StandIn.start((_request, earlier) =>
        earlier === 0 ? { status: 503, body: {} } : CUT,
      );
      reach();
      expect((await upstream.request({ method, path: '/socks' })).status).toBe(503);
      expect((await failure(upstream.request({ method, path: '/socks' }))).reason).toBe(
        'unreachable',
      );
      expect(other.received).toHaveLength(2);
    },
  );
});

describe('an unavailable service', () => {
  it('is an UpstreamError, and served again by itself once it is back', async () => {
    other = await StandIn.start(() => HANG);
    await other.close();
    const error = await failure(reach().get('/socks', Sock));
    expect(error).toMatchObject({ reason: 'unreachable', status: 503, retryable: true });
    expect(error.message).toBe('catalogue cannot be reached at the moment'); // no address
    expect(error.cause).toMatchObject({ message: expect.any(String) });
    other = await StandIn.start(() => OK, other.port);
    expect(await upstream.get('/socks', Sock)).toEqual(HOLY);
  });
});

it('a connection without a call is closed by the caller, long before the service would', async () => {
  other = await StandIn.start(() => OK);
  const server = createServer((_request, response) => response.end(JSON.stringify(HOLY)));
  server.keepAliveTimeout = 600_000;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server's address is an object
  const connected = once(server, 'connection') as Promise<[Socket]>;
  expect(await reach({ baseUrl: `http://127.0.0.1:${port}` }).get('/socks', Sock)).toEqual(HOLY);
  const [socket] = await connected;
  await once(socket, 'end');
  server.close();
  await once(server, 'close');
});

describe('close()', () => {
  it('lets a running call finish and closes its connections', async () => {
    const held: (() => void)[] = [];
    other = await StandIn.start(heldIn(held));
    const running = reach().get('/socks', Sock);
    await until(() => held.length === 1);
    const closed = upstream.close();
    held[0]?.();
    expect(await running).toEqual(HOLY);
    await closed;
    reach(); // afterEach closes this one
  });
});

describe('a request that is one too many at once', () => {
  it('is answered all the same: its deadline begins when it is its turn', async () => {
    const finish: (() => void)[] = [];
    let waves = 0;
    other = await StandIn.start(() => {
      const answer = heldIn(finish)();
      // Each wave takes more than a third of the deadline, four of them more than all of it.
      if (finish.length % 64 === 0) {
        waves += 1;
        setTimeout(() => {
          for (const each of finish.splice(0)) each();
        }, 800);
      }
      return answer;
    });
    reach({ timeoutMs: 2000 });
    const calls = Array.from({ length: 4 * 64 }, () => upstream.get('/socks', Sock));
    expect(await Promise.all(calls)).toEqual(Array(4 * 64).fill(HOLY));
    expect(waves).toBe(4);
  });

  it('holds up no other route while it hangs', async () => {
    const held: (() => void)[] = [];
    other = await StandIn.start(({ url }) => (url === '/tags' ? heldIn(held)() : OK));
    reach();
    const hanging = Array.from({ length: 2 * 64 }, () => upstream.get('/tags', Sock));
    await until(() => held.length === 64);
    expect(await upstream.get('/socks', Sock)).toEqual(HOLY);
    expect(held).toHaveLength(64);
    for (const answer of held.splice(0)) answer();
    await until(() => held.length === 64);
    for (const answer of held) answer();
    await Promise.all(hanging);
  });

  it('is refused when the upstream is closed; those under way are answered', async () => {
    const held: (() => void)[] = [];
    other = await StandIn.start(heldIn(held));
    reach();
    const running = Array.from({ length: 64 }, () => upstream.get('/socks', Sock));
    const late = failure(upstream.get('/socks', Sock));
    await until(() => held.length === 64);
    const closed = upstream.close();
    expect(await late).toMatchObject({ reason: 'busy', status: 503 });
    for (const answer of held) answer();
    await closed;
    expect(await Promise.all(running)).toEqual(Array(64).fill(HOLY));
    expect(other.received).toHaveLength(64);
    reach(); // afterEach closes this one
  });
});
