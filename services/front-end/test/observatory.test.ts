import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SummaryJson, TraceJson } from '../src/traces/trace-json.ts';
import type { TrafficJson } from '../src/traces/traffic.ts';
import { OBSERVATORY_PAGE, problem, refused, RunningFrontEnd } from './running-front-end.ts';
import { ShopStandIns } from './shop-stand-ins.ts';
import { aSpan, TraceStandIn } from './trace-stand-in.ts';

const id = (digit: string) => digit.repeat(32);

let shop: ShopStandIns;
let store: TraceStandIn;
let frontEnd: RunningFrontEnd;
beforeAll(async () => {
  shop = await ShopStandIns.start();
  store = await TraceStandIn.start();
});
beforeEach(async () => {
  shop.reset();
  store.reset();
  frontEnd = await RunningFrontEnd.start({ ...shop.env, ...store.env });
});
afterEach(async () => {
  await frontEnd.close();
});
afterAll(async () => {
  await shop.close();
  await store.server.close();
});

const get = (path: string, headers?: Record<string, string>) =>
  frontEnd.browser().get(path, headers);
const json = async (path: string): Promise<unknown> => {
  const response = await get(path);
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
  return response.json();
};
const found = async (query: string): Promise<string[]> => {
  const { traces } = (await json(`/observatory/api/traces?${query}`)) as {
    traces: { traceId: string }[];
  };
  return traces.map(({ traceId }) => traceId.charAt(0));
};

it('GET /observatory answers 200 with its page, untraced and without a session', async () => {
  const response = await get('/observatory');
  expect([response.status, await response.text()]).toEqual([200, OBSERVATORY_PAGE]);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('private, no-cache');
  expect(response.headers.getSetCookie()).toEqual([]);
  expect(frontEnd.spans.getFinishedSpans()).toEqual([]);
  expect((await get('/observatory/')).headers.get('location')).toBe('/observatory');
});

it('GET /observatory/api/config answers 200 with the version, and without an address that is not configured', async () => {
  expect(await json('/observatory/api/config')).toEqual({ version: '1.0.0' });
});

describe('GET /observatory/api/traffic', () => {
  const traffic = (windowS = 60) => json(`/observatory/api/traffic?windowS=${windowS}`);
  const span = (ageMs: number, name = 'get /cart') =>
    aSpan({
      service: 'carts',
      kind: 'SERVER',
      name,
      timestamp: (frontEnd.clockMs - ageMs) * 1000,
    });

  it('answers 200 with the traffic of the time asked for', async () => {
    store.spans = [span(50_000), span(10_000), { ...span(5000), traceId: id('2') }];
    expect(await traffic(60)).toMatchObject({
      windowS: 60,
      coveredS: 60,
      spans: 3,
      services: [{ name: 'carts', kind: 'service', perSecond: 3 / 60 }],
      routes: [{ service: 'carts', name: 'GET /cart', count: 3 }],
      edges: [],
      calls: [],
    });
    expect(await traffic(30)).toMatchObject({ windowS: 30, spans: 2 });
    expect(store.server.received).toHaveLength(1);
  });

  it('is read once for all who watch, and then only what is new, without traces of its own', async () => {
    store.spans = [span(10_000)];
    await Promise.all(Array.from({ length: 10 }, () => traffic()));
    expect(store.server.received).toHaveLength(1);
    frontEnd.clockMs += 2000;
    store.spans.push({ ...span(1000), traceId: id('2') });
    expect(await traffic()).toMatchObject({ spans: 2 });
    const [first, second, ...more] = store.server.received;
    expect(more).toEqual([]);
    expect(first?.query.get('lookback')).toBe('300000');
    expect(second?.query.get('lookback')).toBe('22000');
    expect(Object.keys(second!.headers).filter((name) => /trace|b3/.test(name))).toEqual([]);
    expect(frontEnd.spans.getFinishedSpans()).toEqual([]);
  });

  it('tells the seconds it is of where more happened than is kept', async () => {
    store.spans = Array.from({ length: 1000 }, (_, index) => ({
      ...span(10_000),
      traceId: index.toString(16).padStart(32, '0'),
    }));
    expect(await traffic()).toMatchObject({
      windowS: 60,
      coveredS: 10,
      services: [{ perSecond: 100 }],
    });
  });

  it.each(['4', '301', '1.5', 'x'])('answers 400 for windowS=%s', async (windowS) => {
    expect((await get(`/observatory/api/traffic?windowS=${windowS}`)).status).toBe(400);
  });

  it('answers 503 while the trace store is unavailable, and again 200 afterwards', async () => {
    store.server.instead = () => ({ status: 500 });
    const response = await get('/observatory/api/traffic');
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await problem(response)).toEqual(refused(503, 'trace-store answered with an error'));
    store.server.instead = undefined;
    expect(await traffic()).toMatchObject({ spans: 0 });
  });
});

describe('GET /observatory/api/traces', () => {
  const nowMs = Date.now();
  const server = (trace: string, service: string, ms: number, tags: Record<string, string> = {}) =>
    aSpan({
      traceId: id(trace),
      service,
      kind: 'SERVER',
      name: `get /${service}`,
      timestamp: (nowMs - 10_000 + Number(trace)) * 1000,
      duration: ms * 1000,
      tags,
    });
  const user = { 'enduser.pseudo.id': 'abcdef012345' };
  beforeEach(() => {
    store.spans = [
      server('1', 'front-end', 30, user),
      server('1', 'carts', 20, { error: '' }),
      server('2', 'front-end', 90),
      server('2', 'orders', 80),
      server('3', 'front-end', 10, user),
      server('3', 'carts', 5),
    ];
  });

  it.each([
    ['', ['3', '2', '1']],
    ['service=&name=&minDurationMs=&error=&user=', ['3', '2', '1']],
    ['sort=slowest', ['2', '1', '3']],
    ['limit=2', ['3', '2']],
    ['sort=slowest&limit=1', ['2']],
    ['service=carts', ['3', '1']],
    ['service=carts&name=get%20/carts&minDurationMs=10', ['1']],
    ['name=get%20/orders', ['2']],
    ['minDurationMs=30', ['2', '1']],
    ['error=true', ['1']],
    ['error=false', ['3', '2', '1']],
    ['service=front-end&error=true', []],
    ['user=abcdef012345', ['3', '1']],
    ['user=abcdef012345&service=carts&error=true', ['1']],
    ['user=000000000000', []],
    ['lookbackS=1', []],
  ])('answers 200 for "%s" with %p', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  describe('with the parts of a call', () => {
    const at = (trace: string, part: Parameters<typeof aSpan>[0]) =>
      aSpan({ traceId: id(trace), timestamp: (nowMs - 10_000) * 1000, ...part });
    const called = (trace: string, from: string, to: string, ms: number, tags = {}) => {
      const client = at(trace, {
        service: from,
        remote: to,
        kind: 'CLIENT',
        duration: ms * 1000,
        tags,
      });
      const name = `get /${to}`;
      return [client, at(trace, { service: to, kind: 'SERVER', name, parentId: client.id })];
    };
    const queue = { 'messaging.system': 'rabbitmq' };
    const db = { 'db.system.name': 'mysql' };
    beforeEach(() => {
      store.spans = [
        ...called('1', 'front-end', 'carts', 5),
        ...called('2', 'orders', 'carts', 50),
        at('2', {
          service: 'orders',
          remote: 'queue',
          kind: 'PRODUCER',
          name: 'publish',
          tags: queue,
        }),
        at('2', { service: 'carts', remote: 'carts-db', kind: 'CLIENT', name: 'select', tags: db }),
        at('3', {
          service: 'orders',
          remote: 'queue',
          kind: 'CONSUMER',
          name: 'process',
          tags: queue,
        }),
        ...called('3', 'front-end', 'orders', 5, { error: 'timeout' }),
        at('4', { service: 'orders', remote: 'payment', kind: 'CLIENT', name: 'get' }),
        at('5', { service: 'carts', kind: 'SERVER', name: 'get /carts' }),
      ];
    });

    it.each([
      ['from=front-end&to=carts', ['1']],
      ['from=orders&to=carts', ['2']],
      ['from=carts&to=orders', []],
      ['to=carts', ['1', '2']],
      ['from=front-end', ['1', '3']],
      ['from=orders&to=queue', ['2']],
      ['from=queue&to=orders', ['3']],
      ['from=carts&to=carts-db', ['2']],
      ['to=carts-db', ['2']],
      ['from=orders&to=payment', ['4']], // which did not answer
      ['from=orders&to=carts&name=get%20/carts', ['2']],
      ['from=orders&to=carts&name=get%20/other', []],
      ['to=carts&minDurationMs=20', ['2']],
      ['from=front-end&to=orders&error=true', ['3']],
      ['from=orders&to=carts&error=true', []],
      ['from=__proto__&to=constructor', []],
    ])('answers 200 for "%s" with %p', async (query, expected) => {
      expect((await found(query)).sort()).toEqual(expected);
    });
  });

  it.each([
    ['', { looked: 3, complete: true }],
    ['limit=2', { looked: 2, complete: false }],
    ['sort=slowest&limit=2', { looked: 3, complete: false }],
    ['service=carts&error=true', { looked: 1, complete: true }],
    ['user=abcdef012345&error=true', { looked: 2, complete: true }],
  ])('answers "%s" with what was looked through: %p', async (query, expected) => {
    expect(await json(`/observatory/api/traces?${query}`)).toMatchObject(expected);
  });

  it.each([
    'sort=oldest',
    'limit=0',
    'limit=101',
    'minDurationMs=-1',
    'minDurationMs=x',
    'error=maybe',
    'user=eve',
    'user=abcdef012345%20and%20error',
    'lookbackS=0',
  ])('answers 400 for %s', async (query) => {
    expect((await get(`/observatory/api/traces?${query}`)).status).toBe(400);
  });

  it('GET /observatory/api/traces/:traceId answers 200 with the trace, 404 for none', async () => {
    expect(await json(`/observatory/api/traces/${id('1')}`)).toMatchObject({
      traceId: id('1'),
      spans: [
        { name: 'GET /front-end', tags: user },
        { name: 'GET /carts', error: '' },
      ],
    });
    for (const trace of [id('9'), 'xyz']) {
      const response = await get(`/observatory/api/traces/${trace}`);
      expect(await problem(response)).toEqual(refused(404, 'no such trace'));
    }
  });
});

describe('hostile spans', () => {
  const NAMES = ['constructor', '__proto__', 'toString', 'a\nb', 'a', 'b'];
  const spanOf = (part: Parameters<typeof aSpan>[0]) =>
    aSpan({ timestamp: (frontEnd.clockMs - 10_000) * 1000, ...part });
  const shown = async () => ({
    traffic: (await json('/observatory/api/traffic')) as TrafficJson,
    search: (await json('/observatory/api/traces')) as { traces: SummaryJson[] },
    trace: (await json(`/observatory/api/traces/${id('1')}`)) as TraceJson,
  });

  it.each(NAMES)('of the service "%s" are shown with their names', async (name) => {
    store.spans = NAMES.map((remote) => spanOf({ service: name, remote, kind: 'CLIENT', name }));
    store.spans.push(spanOf({ service: name, kind: 'SERVER', name }));
    const { traffic, search, trace } = await shown();
    expect(traffic.edges.map(({ from, to }) => [from, to])).toEqual(NAMES.map((to) => [name, to]));
    expect(traffic.services.map((part) => part.name).sort()).toEqual(NAMES.toSorted());
    expect(traffic.routes).toMatchObject([{ service: name, name }]);
    expect(search.traces).toMatchObject([{ service: name, name, services: [name] }]);
    expect(trace.spans.map(({ remoteService }) => remoteService)).toEqual([...NAMES, undefined]);
  });

  it('in a chain of 3000 services are shown as far as a page can draw them', async () => {
    store.spans = Array.from({ length: 3000 }, (_, index) => ({
      ...spanOf({ service: `s${index}`, remote: `s${index + 1}`, kind: 'CLIENT' }),
      id: (index + 1).toString(16).padStart(16, '0'),
      ...(index > 0 && { parentId: index.toString(16).padStart(16, '0') }),
    }));
    store.spans.reverse(); // the deepest first
    const { traffic, search, trace } = await shown();
    expect([traffic.services.length, traffic.spans]).toEqual([200, 3000]);
    const names = new Set(traffic.services.map(({ name }) => name));
    expect(traffic.edges.every(({ from, to }) => names.has(from) && names.has(to))).toBe(true);
    expect(search.traces).toMatchObject([{ spans: 3000, service: 's0' }]);
    expect(search.traces[0]?.services).toHaveLength(100);
    expect([trace.spans.length, trace.omittedSpans]).toEqual([100, 2900]);
  });

  it('without times, or in the years 1970 and 2255, are shown beside the others', async () => {
    const root = spanOf({ service: 'front-end', kind: 'SERVER', duration: 5000 });
    const untimed = spanOf({ service: 'carts', parentId: root.id, timestamp: 0, duration: 0 });
    store.spans = [root, untimed];
    const { trace, search } = await shown();
    expect(trace.spans.map(({ startUs }) => startUs)).toEqual([0, 0]);
    expect(trace.summary).toMatchObject({ durationMs: 5, wholeMs: 5 });
    expect(search.traces).toEqual([trace.summary]);
    const [early, late] = [1, Number.MAX_SAFE_INTEGER];
    store.spans.push(spanOf({ service: 'a', parentId: root.id, timestamp: early }));
    store.spans.push(spanOf({ service: 'b', parentId: root.id, timestamp: late, duration: late }));
    frontEnd.clockMs += 2000;
    const absurd = await shown();
    expect(absurd.trace.spans).toHaveLength(4);
    expect(absurd.traffic.services.map(({ name }) => name)).toEqual(['front-end']);
  });

  it('of one parent are shown up to 1000', async () => {
    const root = spanOf({ service: 'front-end', kind: 'SERVER' });
    const below = () => spanOf({ service: 'carts', parentId: root.id });
    store.spans = [root, ...Array.from({ length: 1500 }, below)];
    const { trace } = await shown();
    expect([trace.spans.length, trace.omittedSpans]).toEqual([1000, 501]);
  });
});

describe('the Observatory', () => {
  const PATHS = ['/observatory', '/observatory/api/config', '/observatory/api/traffic'];
  const basic = (text: string) => ({
    authorization: `Basic ${Buffer.from(text).toString('base64')}`,
  });

  it('answers 404 with OBSERVATORY=off', async () => {
    const without = await RunningFrontEnd.start({ ...shop.env, ...store.env, OBSERVATORY: 'off' });
    for (const path of [...PATHS, '/observatory/api/traces']) {
      expect((await without.browser().get(path)).status).toBe(404);
    }
    await without.close();
  });

  it('is named as switched off to pages, beside their trace: they do not lead there', async () => {
    const without = await RunningFrontEnd.start({ ...shop.env, ...store.env, OBSERVATORY: 'off' });
    const timing = async (path: string) =>
      (await without.browser().get(path, { accept: 'text/html' })).headers.get('server-timing');
    for (const path of ['/', '/basket.html', '/nosuch']) {
      expect(await timing(path)).toMatch(/^traceparent;desc="00-.+", observatory;desc="off"$/);
    }
    expect(await timing('/catalogue')).not.toMatch(/observatory/);
    await without.close();
  });

  it('is replaced by the Zipkin that browsers can reach, where pages link to traces', async () => {
    const env = {
      ...shop.env,
      ...store.env,
      OBSERVATORY: 'off',
      TRACES_PUBLIC_URL: 'http://zipkin/',
    };
    const without = await RunningFrontEnd.start(env);
    for (const path of ['/', '/docs']) {
      const { headers } = await without.browser().get(path, { accept: 'text/html' });
      expect(headers.get('server-timing')).toMatch(
        /observatory;desc="off", zipkin;desc="http:\/\/zipkin"$/,
      );
    }
    await without.close();
  });

  it('answers 401 without its password where it has one, and lets in who knows it', async () => {
    const env = { ...shop.env, ...store.env, OBSERVATORY_PASSWORD: 'sécret' };
    const closed = await RunningFrontEnd.start(env);
    const wrong = ['observatory:other', 'eve:sécret', 'observatory', 'observatory:sécret2'];
    for (const path of PATHS) {
      for (const headers of [undefined, { authorization: 'Bearer x' }, ...wrong.map(basic)]) {
        const response = await closed.browser().get(path, headers);
        expect(response.headers.get('www-authenticate')).toMatch(/^Basic realm="Observatory"/);
        expect(await problem(response)).toEqual(
          refused(401, 'the Observatory asks for its password'),
        );
      }
      expect((await closed.browser().get(path, basic('observatory:sécret'))).status).toBe(200);
    }
    expect((await closed.browser().get('/catalogue')).status).toBe(200);
    expect(JSON.stringify([...closed.lines])).not.toContain('sécret');
    await closed.close();
  });

  it('answers 429 to a further wrong password after fifty from one address, and lets in who knows it', async () => {
    const env = { ...shop.env, ...store.env, OBSERVATORY_PASSWORD: 'sécret' };
    const closed = await RunningFrontEnd.start(env);
    const guess = (password: string, from: string) =>
      closed
        .browser()
        .get('/observatory', { ...basic(`observatory:${password}`), 'x-forwarded-for': from });
    const wrong = Array.from({ length: 50 }, (_, n) => guess(`wrong-${n}`, '192.0.2.1'));
    expect(new Set((await Promise.all(wrong)).map(({ status }) => status))).toEqual(new Set([401]));
    const refusal = await guess('wrong', '192.0.2.1');
    expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(0);
    const words = 'too many wrong passwords; wait before the next one';
    expect(await problem(refusal)).toEqual(refused(429, words));
    expect((await guess('wrong', '192.0.2.2')).status).toBe(401);
    expect((await guess('sécret', '192.0.2.1')).status).toBe(200);
    await closed.close();
  });

  it('answers 503 without a trace store, while its page is there', async () => {
    const without = await RunningFrontEnd.start(shop.env);
    const response = await without.browser().get('/observatory/api/traffic');
    expect(await problem(response)).toEqual(refused(503, 'no trace store is configured'));
    expect((await without.browser().get('/observatory')).status).toBe(200);
    await without.close();
  });
});
