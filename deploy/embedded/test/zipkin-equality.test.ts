import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { zipkin as realZipkin } from '@sockshop/testing/real-servers';
import { randomBytes } from 'node:crypto';
import { KINDS, type Span } from '../src/trace-store/span.ts';
import { startTraceStore, type TraceStoreServer } from '../src/trace-store/trace-store-server.ts';
import { aSpan, sorted, ZipkinClient } from './spans.ts';

/** Prefix of this run's names and ids: Zipkin may contain other spans. */
const RUN = `run-${randomBytes(4).toString('hex')}`;
/** This run's own day, in milliseconds: otherwise Zipkin would return other traces to a query without a service. */
const END_MS = 1_000_000_000_000 + 100_000_000 * randomBytes(2).readUInt16LE();
const END = END_MS * 1000;

realZipkin.suite('compared with a real Zipkin', () => {
  let server: TraceStoreServer;
  let ours: ZipkinClient;
  const zipkin = new ZipkinClient(realZipkin.url);
  const both = async (path: string): Promise<[unknown, unknown]> => [
    await ours.json(path),
    await zipkin.json(path),
  ];
  const spans = [...checkout(), ...oddSpans(), ...randomTraces(300)];

  beforeAll(async () => {
    server = await startTraceStore({ port: 0 });
    ours = new ZipkinClient(server.url);
    for (const client of [ours, zipkin]) {
      expect((await client.post(spans)).status).toBe(202);
      expect((await client.post(spans.slice(0, 5))).status).toBe(202); // sent again, kept once
    }
  });
  afterAll(() => server.close());

  it('keeps the same services, span names and remote services', async () => {
    const [services, all] = (await both('/api/v2/services')) as string[][];
    expect(services).toEqual(all!.filter((name) => name.startsWith(RUN)));
    for (const name of services!) {
      for (const list of ['spans', 'remoteServices']) {
        const [names, theirs] = await both(`/api/v2/${list}?serviceName=${name.toUpperCase()}`);
        expect(names).toEqual(theirs);
      }
    }
    expect(services).toHaveLength(6);
  });

  it('returns each trace with the same spans', async () => {
    const traceIds = [...new Set(spans.map((span) => span.traceId))];
    for (const traceId of traceIds) {
      const [trace, expected] = await both(`/api/v2/trace/${traceId}`);
      expect(sorted(trace)).toEqual(sorted(expected));
    }
    expect(traceIds.length).toBeGreaterThan(300);
    const [many, expected] = await both(`/api/v2/traceMany?traceIds=${traceIds.slice(-9).join()}`);
    expect(sorted(many)).toEqual(sorted(expected));
  });

  it.each([
    '',
    '&limit=1000',
    '&limit=7',
    `&limit=1000&serviceName=${RUN}-Orders`,
    `&limit=1000&serviceName=${RUN}-orders&spanName=POST%20%2Forders`,
    `&limit=1000&serviceName=${RUN}-orders&spanName=all`,
    `&limit=1000&serviceName=${RUN}-orders&remoteServiceName=${RUN}-payment`,
    `&limit=1000&remoteServiceName=${RUN}-rabbitmq`,
    `&limit=1000&serviceName=unknown`,
    '&limit=1000&annotationQuery=error',
    '&limit=1000&annotationQuery=error%20and%20http.route%3D%2Forders',
    '&limit=1000&annotationQuery=retried',
    '&limit=1000&annotationQuery=http.route%3D%2Fno',
    `&limit=1000&annotationQuery=error&serviceName=${RUN}-front-end`,
    '&limit=1000&minDuration=500',
    '&limit=1000&minDuration=500&maxDuration=2000',
    `&limit=1000&minDuration=1&maxDuration=100&serviceName=${RUN}-carts`,
    '&limit=1000&lookback=2',
    '&limit=1000&lookback=1',
  ])('finds the same traces with %s', async (parameters) => {
    const [found, expected] = await both(
      `/api/v2/traces?endTs=${END_MS}${parameters.includes('lookback') ? '' : '&lookback=90000'}${parameters}`,
    );
    expect(sorted(found)).toEqual(sorted(expected));
    const order = (traces: unknown): unknown[] => (traces as Span[][]).map((it) => it[0]?.traceId);
    expect(order(found)).toEqual(order(expected));
  });

  it.each([90_000, 10_000, 60, 1])('returns the same map of the last %d ms', async (lookback) => {
    const path = `/api/v2/dependencies?endTs=${END_MS}&lookback=${lookback}`;
    const [links, expected] = await both(path);
    expect(sorted(links)).toEqual(sorted(expected));
  });

  it.each([
    '/api/v2/spans',
    '/api/v2/spans?serviceName=',
    '/api/v2/remoteServices',
    '/api/v2/trace/fade3',
    '/api/v2/trace/%20fade3',
    '/api/v2/trace/xyz',
    '/api/v2/trace/0',
    '/api/v2/trace/',
    `/api/v2/trace/${'a'.repeat(33)}`,
    '/api/v2/traceMany',
    '/api/v2/traceMany?traceIds=',
    '/api/v2/traceMany?traceIds=a',
    '/api/v2/traceMany?traceIds=a,0a',
    '/api/v2/traceMany?traceIds=a,,b',
    '/api/v2/traceMany?traceIds=fade1,fade2',
    '/api/v2/traces?limit=0',
    '/api/v2/traces?limit=x',
    '/api/v2/traces?limit=99999999999',
    '/api/v2/traces?limit=1&limit=x&endTs=5',
    '/api/v2/traces?endTs=0',
    '/api/v2/traces?lookback=-1',
    '/api/v2/traces?minDuration=0',
    '/api/v2/traces?minDuration=1.5',
    '/api/v2/traces?minDuration=&endTs=5',
    '/api/v2/traces?maxDuration=5',
    '/api/v2/traces?minDuration=5&maxDuration=4',
    '/api/v2/dependencies',
    '/api/v2/dependencies?endTs=x',
    '/api/v2/dependencies?endTs=0',
    '/api/v2/dependencies?endTs=1&lookback=0',
    '/api/v2/dependencies?endTs=1&lookback=x',
    '/api/v2/autocompleteKeys',
    '/api/v2/autocompleteValues',
    '/api/v2/autocompleteValues?key=',
    '/api/v2/autocompleteValues?key=a',
    '/nope',
  ])('answers GET %s with the same status and text', async (path) => {
    const [a, b] = await Promise.all([ours.get(path), zipkin.get(path)]);
    expect([a.status, await a.text()]).toEqual([b.status, await b.text()]);
  });

  it.each([
    '',
    '[]',
    '{}',
    'x',
    '[{}]',
    '[1]',
    '[null]',
    '[{"traceId":"a"}]',
    '[{"id":"a"}]',
    '[{"traceId":null,"id":"a"}]',
    '[{"traceId":"","id":"a"}]',
    '[{"traceId":"A","id":"a"}]',
    '[{"traceId":"0","id":"a"}]',
    '[{"traceId":"a","id":"0000000000000000"}]',
    '[{"traceId":"a","id":"12345678901234567"}]',
    '[{"traceId":"a","id":"b","parentId":""}]',
    '[{"traceId":"a","id":"b","kind":"INTERNAL"}]',
    '[{"traceId":"a","id":"b","name":true}]',
    '[{"traceId":"a","id":"b","timestamp":"x"}]',
    '[{"traceId":"a","id":"b","timestamp":1.5}]',
    '[{"traceId":"a","id":"b","annotations":[{"timestamp":1}]}]',
    '[{"traceId":"a","id":"b","tags":{"a":null}}]',
    '[{"traceId":"a","id":"b","tags":{"a":{}}}]',
    '[{"traceId":"a","id":"b","tags":[]}]',
    '[{"traceId":"a","id":"b","localEndpoint":{"port":70000}}]',
    '[{"traceId":"a","id":"b","localEndpoint":3}]',
    '[{"traceId":"a","id":"b","debug":"x"}]',
    '[{"traceId":"a","id":"b"},]',
  ])('answers POST of %s with the same status', async (body) => {
    const [a, b] = await Promise.all([ours.post(body), zipkin.post(body)]);
    expect(a.status).toBe(b.status);
  });
});

function checkout(): Span[] {
  const traceId = randomBytes(16).toString('hex');
  const at = (serviceName: string, port: number) => ({
    serviceName: `${RUN}-${serviceName}`,
    ipv4: '127.0.0.1',
    port,
  });
  const tags = { 'http.route': '/orders', 'http.response.status_code': '201' };
  return [
    {
      traceId,
      id: '00000000000000a1',
      kind: 'SERVER',
      name: 'post /orders',
      timestamp: END - 50_000,
      duration: 49_000,
      localEndpoint: at('front-end', 8080),
      tags,
    },
    {
      traceId,
      parentId: '00000000000000a1',
      id: '00000000000000a2',
      kind: 'CLIENT',
      name: 'post',
      timestamp: END - 49_000,
      duration: 48_000,
      localEndpoint: at('front-end', 8080),
      remoteEndpoint: at('orders', 8083),
      tags,
    },
    {
      traceId,
      parentId: '00000000000000a2',
      id: '00000000000000a3',
      kind: 'SERVER',
      name: 'post /orders',
      timestamp: END - 48_000,
      duration: 47_000,
      localEndpoint: at('orders', 8083),
      remoteEndpoint: { ipv6: '::1', port: 40000 },
      tags,
    },
    {
      traceId,
      parentId: '00000000000000a3',
      id: '00000000000000a4',
      kind: 'CLIENT',
      name: 'post',
      timestamp: END - 47_000,
      duration: 2_000,
      localEndpoint: at('orders', 8083),
      remoteEndpoint: at('payment', 8084),
      annotations: [{ timestamp: END - 46_500, value: 'retried' }],
    },
    {
      traceId,
      parentId: '00000000000000a3',
      id: '00000000000000a4',
      kind: 'SERVER',
      name: 'post /paymentauth',
      timestamp: END - 46_500,
      duration: 1_000,
      localEndpoint: at('payment', 8084),
      tags: { error: 'declined' },
      shared: true,
    },
    {
      traceId,
      parentId: '00000000000000a3',
      id: '00000000000000a5',
      kind: 'CLIENT',
      name: 'insert customer-orders',
      timestamp: END - 40_000,
      duration: 900,
      localEndpoint: at('orders', 8083),
      remoteEndpoint: at('orders-db', 27017),
      debug: true,
    },
    {
      traceId,
      parentId: '00000000000000a3',
      id: '00000000000000a6',
      kind: 'PRODUCER',
      name: 'publish',
      timestamp: END - 30_000,
      duration: 500,
      localEndpoint: at('orders', 8083),
      remoteEndpoint: at('rabbitmq', 5672),
    },
    {
      traceId,
      parentId: '00000000000000a6',
      id: '00000000000000a7',
      kind: 'CONSUMER',
      name: 'process',
      timestamp: END + 30_000,
      duration: 500,
      localEndpoint: at('queue-master', 8087),
      remoteEndpoint: at('rabbitmq', 5672),
    },
  ];
}

/** Spans that a lenient reader cleans. */
function oddSpans(): Span[] {
  const traceId = randomBytes(8).toString('hex');
  const odd: unknown[] = [
    { traceId, id: '7', parentId: '7', duration: -4, tags: {}, annotations: [], localEndpoint: {} },
    {
      traceId,
      id: '8',
      parentId: '0',
      kind: 'CLIENT',
      shared: true,
      debug: false,
      name: '',
      x: {},
    },
    { traceId, id: '9', localEndpoint: { ipv4: '::1', ipv6: '1.2.3.4', serviceName: '' } },
    { traceId, id: 'a', remoteEndpoint: { ipv6: '::ffff:1.2.3.5', port: '80' }, kind: null },
    { traceId, id: 'b', localEndpoint: { ipv6: 'fe80::1%eth0', ipv4: '999.1.1.1' }, tags: null },
    { traceId, id: 'c', localEndpoint: { ipv6: '2001:DB8:0:0:0:0:0:1', port: -1 } },
    {
      traceId,
      id: 'd',
      name: 5,
      timestamp: `${END - 100_000}`,
      duration: 1e3,
      tags: { b: 5, a: 'ü\n"' },
    },
    { traceId, id: 'e', timestamp: END - 3_600_000_000, tags: { __proto__: 'x', 'a b': '' } },
    {
      traceId: traceId.padStart(32, '0'),
      id: 'f1',
      timestamp: END - 7_000,
      localEndpoint: { serviceName: `${RUN}-carts` },
    },
    { traceId: `abc${traceId}`, id: 'f2', timestamp: END - 5_000 }, // the same low 64 bits
    {
      traceId,
      id: 'aa',
      annotations: ['z', 'a', 'a'].map((value) => ({ timestamp: 5, value })),
    },
  ];
  return odd as Span[]; // on purpose, some are not
}

/** Few ids, services and addresses, so that they clash in every way. Only names and times differ between runs. */
function randomTraces(count: number): Span[] {
  let seed = 42;
  const upTo = (limit: number): number => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) * limit);
  };
  const oneOf = <T>(list: readonly T[]): T => list[upTo(list.length)]!;
  const service = (): string | undefined =>
    oneOf([undefined, ...['front-end', 'orders', 'carts', 'user'].map((it) => `${RUN}-${it}`)]);
  return Array.from({ length: count }, (_, trace) => {
    const half = RUN.slice(4) + trace.toString(16).padStart(8, '0');
    return Array.from({ length: 1 + upTo(9) }, (): Span => {
      const [parent, kind, at, to] = [
        oneOf(['', 'a', 'b', 'c', 'd', 'e']),
        oneOf([undefined, ...KINDS]),
        service(),
        service(),
      ];
      const sketch = aSpan(oneOf(['a', 'b', 'c', 'd', 'e']), {
        trace: `${half}${half}`,
        ...(parent && { parent }),
        ...(kind && { kind }),
        ...(at && { at }),
        ...(to && { to }),
        failed: upTo(4) === 0,
        shared: upTo(4) === 0,
      });
      return {
        ...sketch,
        name: oneOf(['get', 'post /orders']),
        timestamp: END - 1_000 * trace - 1 - upTo(900), // within one millisecond: Zipkin keeps the pieces apart and reorders them
        duration: upTo(3_000),
        ...(at && {
          localEndpoint: {
            serviceName: at,
            ...oneOf([{}, { ipv4: '127.0.0.1' }, { ipv4: '127.0.0.2', port: 80 }]),
          },
        }),
      };
    });
  }).flat();
}
