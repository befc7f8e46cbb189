import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import type { CookieClient } from '@sockshop/testing';
import { problem, refused, RunningFrontEnd } from './running-front-end.ts';
import { ShopStandIns } from './shop-stand-ins.ts';
import { aSpan, TraceStandIn } from './trace-stand-in.ts';

const PUBLIC = 'http://localhost:9411';
const noSuchTrace = refused(404, 'no such trace');

let shop: ShopStandIns;
let store: TraceStandIn;
let frontEnd: RunningFrontEnd;
beforeAll(async () => {
  shop = await ShopStandIns.start();
  store = await TraceStandIn.start();
  const env = { ...shop.env, ...store.env, TRACES_PUBLIC_URL: `${PUBLIC}/` };
  frontEnd = await RunningFrontEnd.start({ ...env, SESSION_KEY: 'the key of these tests' });
});
beforeEach(() => {
  shop.reset();
  store.reset();
  frontEnd.spans.reset();
  frontEnd.clockMs = Date.now();
});
afterAll(async () => {
  await frontEnd.close();
  await shop.close();
  await store.server.close();
});

const json = async (browser: CookieClient, path: string): Promise<unknown> => {
  const response = await browser.get(path);
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
  return response.json();
};
const traceIds = async (browser: CookieClient): Promise<string[]> => {
  const { traces } = (await json(browser, '/trace/mine')) as { traces: { traceId: string }[] };
  return traces.map(({ traceId }) => traceId);
};
const visitorOf = () =>
  new Set(frontEnd.spans.getFinishedSpans().flatMap((s) => s.attributes['session.id'] ?? []));

describe('a visit', () => {
  it('is named by its first page already, gets another name at login, and ends with logout', async () => {
    const browser = frontEnd.browser();
    await browser.get('/');
    expect(visitorOf().size).toBe(1);
    await browser.get('/catalogue');
    const guest = [...visitorOf()];
    frontEnd.spans.reset();
    await browser.logIn('eve', 'pässword');
    await browser.get('/orders');
    await browser.post('/logout');
    const customer = [...visitorOf()];
    frontEnd.spans.reset();
    await browser.get('/');
    const visits = [guest, customer, [...visitorOf()]];
    const name: unknown = expect.stringMatching(/^[\w-]{24}$/);
    expect(visits).toEqual([[name], [name], [name]]);
    expect(new Set(visits.flat()).size).toBe(3);
  });

  it('names its customer by a pseudonym that is the same every time, and no guest', async () => {
    const guest = frontEnd.browser();
    await guest.get('/');
    expect(await json(guest, '/trace/me')).toEqual({});
    expect(frontEnd.spans.getFinishedSpans()[0]?.attributes).not.toHaveProperty(
      'enduser.pseudo.id',
    );
    frontEnd.spans.reset();
    const eve = await frontEnd.loggedIn();
    await eve.get('/orders');
    const { pseudoId } = (await json(eve, '/trace/me')) as { pseudoId: string };
    expect(pseudoId).toMatch(/^[0-9a-f]{12}$/);
    const servers = frontEnd.spans.getFinishedSpans().filter((s) => s.kind === SpanKind.SERVER);
    expect(servers.map((s) => s.attributes['enduser.pseudo.id'])).toEqual([pseudoId, pseudoId]);
    expect(await json(await frontEnd.loggedIn(), '/trace/me')).toEqual({ pseudoId });
    expect(await json(await frontEnd.loggedIn('ada', 'secret'), '/trace/me')).not.toEqual({
      pseudoId,
    });
  });

  it('is not begun by asking for traces, and that is no trace either', async () => {
    const browser = frontEnd.browser();
    expect(await json(browser, '/trace/mine')).toEqual({ traces: [] });
    expect(browser.cookies.size).toBe(0);
    await browser.get('/');
    frontEnd.spans.reset();
    await browser.get('/trace/mine');
    expect(frontEnd.spans.getFinishedSpans()).toEqual([]);
    for (const { headers } of store.server.received) {
      expect(Object.keys(headers).filter((name) => /trace|b3/.test(name))).toEqual([]);
    }
  });

  it('answers pages and calls with their span, for the span of the browser', async () => {
    const browser = frontEnd.browser();
    for (const path of ['/', '/catalogue', '/nosuch']) {
      const { headers } = await browser.get(path);
      const traceId = headers.get('x-trace-id');
      expect(headers.get('server-timing')).toMatch(
        new RegExp(`^traceparent;desc="00-${traceId}-[0-9a-f]{16}-01"$`),
      );
    }
  });
});

describe('GET /trace/config', () => {
  it('answers 200 with the address of Zipkin for people', async () => {
    expect(await json(frontEnd.browser(), '/trace/config')).toEqual({
      drawer: true,
      zipkinUrl: PUBLIC,
    });
  });

  it.each([
    ['with TRACE_DRAWER=off', { TRACE_DRAWER: 'off', TRACES_URL: 'http://127.0.0.1:1' }],
    ['without a trace store', {}],
  ])('answers 404 %s, as all of /trace does', async (_when, env: Record<string, string>) => {
    const without = await RunningFrontEnd.start({ ...shop.env, ...env });
    const browser = without.browser();
    for (const path of ['config', 'me', 'mine', 'mine/abc', 'orders/o1']) {
      expect((await browser.get(`/trace/${path}`)).status).toBe(404);
    }
    expect((await browser.post('/v1/traces', { resourceSpans: [] })).status).toBe(404);
    const { headers } = await browser.get('/'); // else the traces of pages would never be shown
    expect(headers.has('server-timing')).toBe(false);
    await without.close();
  });
});

describe('GET /trace/mine', () => {
  it('answers 200 with the traces of this visit only, newest first', async () => {
    const mine = frontEnd.browser();
    const other = frontEnd.browser();
    const asked: string[] = [];
    for (const path of ['/', '/catalogue']) {
      asked.unshift((await mine.get(path)).headers.get('x-trace-id')!);
      await other.get(path);
    }
    store.take(frontEnd);
    expect(await traceIds(mine)).toEqual(asked);
    expect(await traceIds(other)).toHaveLength(2);
    expect((await json(mine, '/trace/mine?limit=1')) as object).toEqual({
      traces: [
        {
          traceId: asked[0],
          startMs: expect.any(Number),
          durationMs: expect.any(Number),
          wholeMs: expect.any(Number),
          name: 'GET /catalogue',
          service: 'front-end',
          spans: 2,
          services: ['front-end'],
          errors: 0,
          status: '200',
          state: 'running', // the catalogue's span has not come
        },
      ],
    });
  });

  it.each(['limit=0', 'limit=101', 'limit=x'])('answers 400 for %s', async (query) => {
    expect((await frontEnd.browser().get(`/trace/mine?${query}`)).status).toBe(400);
  });

  it('answers 503 while the trace store is unavailable, refuses or sends nonsense; the shop goes on', async () => {
    const browser = frontEnd.browser();
    await browser.get('/');
    const unavailable = await RunningFrontEnd.start({
      ...shop.env,
      SESSION_KEY: 'the key of these tests',
      TRACES_URL: 'http://127.0.0.1:1',
    });
    const there = unavailable.browser();
    await there.get('/');
    const response = await there.get('/trace/mine');
    expect(response.headers.get('retry-after')).toBe('1');
    const message = 'trace-store cannot be reached at the moment';
    expect(await problem(response)).toEqual(refused(503, message));
    expect((await there.get('/catalogue')).status).toBe(200);
    await unavailable.close();
    for (const answer of [{ status: 500 }, { status: 200, body: [[{ id: 7 }]] }]) {
      store.server.instead = () => answer;
      expect((await browser.get('/trace/mine')).status).toBe(503);
    }
  });
});

describe('GET /trace/mine/:traceId', () => {
  it('answers 200 with its spans in their order, without private data', async () => {
    const browser = frontEnd.browser();
    await browser.get('/');
    frontEnd.spans.reset();
    const { headers } = await browser.get('/catalogue?size=5', { 'user-agent': 'canary/1.0' });
    store.take(frontEnd);
    const traceId = headers.get('x-trace-id')!;
    const [call, server] = store.spans; // the call ends first
    const text = JSON.stringify(await json(browser, `/trace/mine/${traceId}`));
    const { traces: summaries } = (await json(browser, '/trace/mine')) as { traces: object[] };
    expect(JSON.parse(text)).toEqual({
      traceId,
      startMs: server!.timestamp / 1000,
      summary: { ...summaries[0]!, spans: 2, status: '200' },
      spans: [
        {
          id: server!.id,
          name: 'GET /catalogue',
          kind: 'SERVER',
          service: 'front-end',
          startUs: 0,
          durationUs: server!.duration,
          tags: {
            'http.request.method': 'GET',
            'http.route': '/catalogue',
            'http.response.status_code': '200',
            'network.protocol.version': '1.1',
            'service.version': '1.0.0',
            'url.scheme': 'http',
          },
          logs: [],
        },
        {
          id: call!.id,
          parentId: server!.id,
          name: 'GET /catalogue',
          kind: 'CLIENT',
          service: 'front-end',
          remoteService: 'catalogue',
          startUs: call!.timestamp - server!.timestamp,
          durationUs: call!.duration,
          tags: {
            'http.request.method': 'GET',
            'http.response.status_code': '200',
            'service.peer.name': 'catalogue',
            'url.template': '/catalogue',
          },
          logs: [],
        },
      ],
    });
    expect(text).not.toMatch(/canary|127\.0\.0\.1|session/);
  });

  it("answers 404 for another's, for what only claims to be one's own, and for no trace", async () => {
    const mine = frontEnd.browser();
    const other = frontEnd.browser();
    await mine.get('/');
    const visitor = String(frontEnd.spans.getFinishedSpans()[0]?.attributes['session.id']);
    const theirs = (await other.get('/')).headers.get('x-trace-id')!;
    store.take(frontEnd);
    const tags = { 'session.id': visitor };
    store.spans.push(aSpan({ service: 'storefront', traceId: theirs, tags }));
    for (const id of [theirs, 'f'.repeat(32), 'xyz', '..%2fservices']) {
      expect(await problem(await mine.get(`/trace/mine/${id}`))).toEqual(noSuchTrace);
    }
    expect(await problem(await frontEnd.browser().get(`/trace/mine/${theirs}`))).toEqual(
      noSuchTrace,
    );
  });
});

describe('a trace id that another visit used first', () => {
  it('gives no access to the trace, and takes none from its owner', async () => {
    const mine = frontEnd.browser();
    await mine.get('/');
    frontEnd.spans.reset();
    const traceId = (await mine.get('/catalogue')).headers.get('x-trace-id')!;
    store.take(frontEnd);
    const thief = await frontEnd.loggedIn('ada', 'secret');
    frontEnd.spans.reset();
    const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
    expect((await thief.get('/catalogue', headers)).headers.get('x-trace-id')).toBe(traceId);
    const placed = await thief.post('/orders', undefined, headers);
    const { id } = (await placed.json()) as { id: string };
    expect(placed.headers.get('x-trace-id')).toBe(traceId);
    store.take(frontEnd);
    store.spans.push(
      aSpan({ service: 'orders', kind: 'SERVER', traceId, tags: { 'sockshop.order.id': id } }),
    );
    expect(await problem(await thief.get(`/trace/mine/${traceId}`))).toEqual(noSuchTrace);
    expect(await traceIds(thief)).toEqual([]);
    expect((await thief.get(`/trace/orders/${id}`)).status).toBe(204);
    expect((await mine.get(`/trace/mine/${traceId}`)).status).toBe(200);
    expect(await traceIds(mine)).toEqual([traceId]);
  });
});

describe('GET /trace/orders/:orderId', () => {
  it('answers 200 with the trace in which it was placed, to its customer in any visit, else 204', async () => {
    const eve = await frontEnd.loggedIn();
    frontEnd.spans.reset();
    const placed = await eve.post('/orders');
    const { id } = (await placed.json()) as { id: string };
    const traceId = placed.headers.get('x-trace-id')!;
    store.take(frontEnd);
    const tags = { 'sockshop.order.id': id };
    store.spans.push(aSpan({ service: 'orders', kind: 'SERVER', traceId, tags }));
    store.spans.push(aSpan({ service: 'orders', traceId: '2'.repeat(32), tags })); // a sweep
    const again = await frontEnd.loggedIn();
    expect(await json(again, `/trace/orders/${id}`)).toMatchObject({ traceId });
    const ada = await frontEnd.loggedIn('ada', 'secret');
    for (const browser of [ada, frontEnd.browser()]) {
      expect((await browser.get(`/trace/orders/${id}`)).status).toBe(204);
    }
    for (const other of ['nosuch', 'x and error']) {
      expect((await eve.get(`/trace/orders/${other}`)).status).toBe(204);
    }
    expect(shop.ordersServer.received.filter(({ method }) => method === 'GET')).toEqual([]);
  });
});
