import { describe, expect, it } from '@jest/globals';
import type { ZipkinSpan } from '@sockshop/tracing';
import { Figures } from '../src/traces/figures.ts';
import { trafficOf } from '../src/traces/traffic.ts';
import { TrafficWindow } from '../src/traces/traffic-window.ts';
import { ZipkinTrace } from '../src/traces/zipkin-span.ts';
import { aSpan } from './trace-stand-in.ts';

const seen = (spans: ZipkinSpan[]) => {
  const window = new TrafficWindow();
  window.add(ZipkinTrace.parse(spans));
  return window.spans();
};
const traffic = (...spans: ZipkinSpan[]) => trafficOf(seen(spans), 10);
const edges = (...spans: ZipkinSpan[]) =>
  traffic(...spans).edges.map(({ from, to, perSecond, avgMs }) => {
    expect(perSecond).toBe(0.1); // once
    return `${from} -> ${to} ${avgMs}`;
  });

const db = { 'db.system.name': 'mongodb' };
const queue = { 'messaging.system': 'rabbitmq' };
const client = aSpan({ service: 'front-end', remote: 'carts', kind: 'CLIENT', duration: 5000 });
const server = aSpan({ service: 'carts', kind: 'SERVER', parentId: client.id, duration: 3000 });

const page = aSpan({ service: 'front-end', kind: 'SERVER', duration: 2000 });
const documentFetch = aSpan({
  service: 'storefront',
  remote: 'front-end',
  kind: 'CLIENT',
  duration: 3000,
});

describe('edges of the traffic', () => {
  it.each<[string, ZipkinSpan[], string[]]>([
    ['a call is measured where its caller is', [client, server], ['front-end -> carts 5']],
    ['a call without a response', [client], ['front-end -> carts 5']],
    ['a request without its caller', [server], []],
    [
      'a server that goes on with its client’s id',
      [client, { ...server, id: client.id }],
      ['front-end -> carts 5'],
    ],
    [
      'a call with a local step between',
      [
        client,
        aSpan({ service: 'front-end', parentId: client.id, id: 'a'.repeat(16) }),
        { ...server, parentId: 'a'.repeat(16) },
      ],
      ['front-end -> carts 5'],
    ],
    [
      'a database',
      [aSpan({ service: 'carts', remote: 'carts-db', kind: 'CLIENT', tags: db })],
      ['carts -> carts-db 1'],
    ],
    ['a database in the process itself', [aSpan({ service: 'carts', tags: db })], []],
    [
      'a broker, to and from',
      [
        aSpan({ service: 'shipping', remote: 'rabbitmq', kind: 'PRODUCER', tags: queue }),
        aSpan({ service: 'queue-master', remote: 'rabbitmq', kind: 'CONSUMER', tags: queue }),
        aSpan({ service: 'queue-master', kind: 'CLIENT', tags: queue, name: 'ack' }),
      ],
      ['shipping -> rabbitmq 1', 'rabbitmq -> queue-master 1'],
    ],
    [
      'a call of a browser',
      [{ ...client, localEndpoint: { serviceName: 'storefront' } }, server],
      ['storefront -> carts 5'],
    ],
    [
      'a page below the browser’s span of its request',
      [
        documentFetch,
        { ...page, parentId: documentFetch.id },
        aSpan({ service: 'storefront', name: 'resourcefetch' }),
      ],
      ['storefront -> front-end 3'],
    ],
    [
      'spans that are each other’s parents',
      [
        aSpan({ service: 'a', id: 'a'.repeat(16), parentId: 'b'.repeat(16) }),
        aSpan({ service: 'b', id: 'b'.repeat(16), parentId: 'a'.repeat(16) }),
        aSpan({ service: 'c', kind: 'SERVER', parentId: 'a'.repeat(16) }),
      ],
      [],
    ],
  ])('%s', (_what, spans, expected) => {
    expect(edges(...spans)).toEqual(expected);
  });
});

it('figures of the browser are of what shoppers did: pages, actions, and calls apart from these', () => {
  const action = aSpan({ service: 'storefront', duration: 9000, name: 'add to cart' });
  const call = { service: 'storefront', remote: 'front-end', kind: 'CLIENT' as const };
  const answer = traffic(action, aSpan({ ...call, parentId: action.id }), aSpan(call));
  const [browser] = answer.services;
  expect(browser).toMatchObject({ kind: 'browser', count: 2, avgMs: 5 });
  expect(answer.edges).toMatchObject([{ from: 'storefront', to: 'front-end', count: 2 }]);
});

it('figures are those of the spans, by service, edge, route and call', () => {
  const failing = { ...server, id: 'c'.repeat(16), duration: 9000, tags: { error: '' } };
  const call = aSpan({ service: 'carts', remote: 'carts-db', kind: 'CLIENT', tags: db });
  const local = aSpan({ service: 'carts', name: 'select', tags: { 'db.system.name': 'sqlite' } });
  const version = { 'service.version': '1.2.0' };
  const answer = traffic(client, { ...server, tags: version }, failing, call, local);
  const two = { count: 2, errors: 1, perSecond: 0.2 };
  const one = { count: 1, errors: 0, perSecond: 0.1, avgMs: 1, p95Ms: 1 };
  const none = { count: 0, errors: 0, perSecond: 0, avgMs: 0, p95Ms: 0 };
  expect(answer).toEqual({
    windowS: 10,
    coveredS: 10,
    spans: 5,
    requests: none, // all of them came from another service
    services: [
      { name: 'front-end', kind: 'service', ...none },
      {
        ...{ name: 'carts', version: '1.2.0', kind: 'service', ...two, avgMs: 6, p95Ms: 9 },
        versions: [{ version: '1.2.0', ...one, count: 1, avgMs: 3, p95Ms: 3, instances: [] }],
      },
      { name: 'carts-db', kind: 'database', ...one },
    ],
    edges: [
      { from: 'front-end', to: 'carts', ...two, avgMs: 5, p95Ms: 5 },
      { from: 'carts', to: 'carts-db', ...one },
    ],
    routes: [{ service: 'carts', name: 'work', ...two, avgMs: 6, p95Ms: 9, maxMs: 9 }],
    calls: [
      { ...edge('front-end', 'carts', 'http'), ...two, avgMs: 5, p95Ms: 5, maxMs: 5 },
      { ...edge('carts', 'carts-db', 'database'), ...one, maxMs: 1 },
      {
        ...edge('carts', 'sqlite', 'database'),
        name: 'select',
        inProcess: true,
        ...one,
        maxMs: 1,
      },
    ],
  });
});

it('figures of a service are also by version and instance', () => {
  const span = (version: string, instance: string, more: object = {}) =>
    aSpan({
      ...{ service: 'orders', kind: 'SERVER' },
      ...{ tags: { 'service.version': version, 'service.instance.id': instance, ...more } },
    });
  const unversioned = aSpan({ service: 'orders', kind: 'SERVER' });
  const [orders] = traffic(
    ...[span('v10', 'c'), span('v2', 'b', { error: '500' }), span('v2', 'a'), span('v2', 'a')],
    unversioned,
  ).services;
  expect(orders).toMatchObject({ count: 5, errors: 1 });
  expect(orders?.versions).toMatchObject([
    {
      ...{ version: 'v2', count: 3, errors: 1, perSecond: 0.3 },
      instances: [
        { name: 'a', count: 2, errors: 0 },
        { name: 'b', count: 1, errors: 1 },
      ],
    },
    { version: 'v10', count: 1, errors: 0, instances: [{ name: 'c', count: 1 }] },
  ]);
});

it('figures have twenty versions of a service at most, whatever comes', () => {
  const spans = Array.from({ length: 30 }, (_, index) =>
    aSpan({ service: 'a', kind: 'SERVER', tags: { 'service.version': `v${index}` } }),
  );
  expect(traffic(...spans).services[0]?.versions).toHaveLength(20);
});

describe('requests from outside', () => {
  const outer = { service: 'front-end', kind: 'SERVER' as const };
  const fromScript = aSpan({ ...outer, parentId: 'f'.repeat(16) }); // which sends no spans
  const fromBrowser = aSpan({ service: 'storefront', remote: 'front-end', kind: 'CLIENT' });
  it.each<[string, ZipkinSpan[], number]>([
    ['without a caller', [aSpan(outer)], 1],
    ['of a browser', [fromBrowser, aSpan({ ...outer, parentId: fromBrowser.id })], 1],
    ['of a caller that sends no spans', [fromScript], 1],
    [
      'of a caller whose spans are still on their way',
      [client, server, { ...server, id: 'e'.repeat(16), parentId: 'd'.repeat(16) }],
      0,
    ],
    [
      'to an inner service past the front-end',
      [client, server, aSpan({ service: 'carts', kind: 'SERVER' })],
      1,
    ],
    ['of no kind', [aSpan({ service: 'front-end' })], 0],
  ])('are those %s', (_which, spans, expected) => {
    expect(traffic(...spans).requests.count).toBe(expected);
  });
});

it('figures agree: an edge is the sum of its calls, and refusals (4xx) fail nowhere', () => {
  const refusal = { 'http.response.status_code': '406' };
  const asked = { ...client, id: '1'.padStart(16, 'e'), tags: { ...refusal, error: '406' } };
  const refused = { ...server, id: '2'.padStart(16, 'e'), parentId: asked.id, tags: refusal };
  const action = aSpan({ service: 'storefront', tags: { error: '406', 'error.type': '406' } });
  const lost = { ...client, id: '3'.padStart(16, 'e'), tags: { error: 'timeout' } };
  const answer = traffic(client, server, asked, { ...refused, name: 'other' }, action, lost);
  const [edgeOfAll] = answer.edges;
  expect(edgeOfAll).toMatchObject({ from: 'front-end', to: 'carts', count: 3, errors: 1 });
  expect(answer.calls.map(({ name, count, errors }) => [name, count, errors])).toEqual([
    ['work', 2, 1],
    ['other', 1, 0],
  ]);
  expect(answer.services.map(({ name, errors }) => [name, errors])).toEqual([
    ['front-end', 0],
    ['carts', 0],
    ['storefront', 0],
  ]);
});

function edge(from: string, to: string, kind: 'http' | 'database') {
  return { from, to, kind, name: 'work', inProcess: false };
}

it.each([
  [1, 1],
  [19, 19],
  [20, 19],
  [100, 95],
  [1000, 950],
])('the 95th percentile of 1 to %d milliseconds is %d', (most, p95) => {
  const figures = new Figures();
  for (let ms = most; ms >= 1; ms -= 1) figures.add(ms, false);
  expect([figures.p95Ms, figures.maxMs, figures.count]).toEqual([p95, most, most]);
});

it('a window keeps each span once, forgets the old ones and the oldest beyond its limit', () => {
  const window = new TrafficWindow(2);
  const at = (ms: number) => aSpan({ service: 'carts', timestamp: ms * 1000 });
  const spans = ZipkinTrace.parse([at(5), at(1), at(3), at(4)]);
  window.add(spans);
  window.add(spans);
  expect(window.prune(2)).toBe(true);
  expect(window.spans().map(({ startMs }) => startMs)).toEqual([5, 4]);
  expect(window.oldestMs).toBe(4);
  expect(window.prune(2)).toBe(false);
});
