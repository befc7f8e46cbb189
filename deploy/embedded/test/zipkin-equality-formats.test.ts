import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '@sockshop/testing';
import { zipkin as realZipkin } from '@sockshop/testing/real-servers';
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { startTraceStore, type TraceStoreServer } from '../src/trace-store/trace-store-server.ts';
import { bytes, protoSpans } from './proto-spans.ts';
import { aSpan, sorted, START, ZipkinClient } from './spans.ts';

const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const FRONT = { serviceName: 'Front', ipv4: '127.0.0.1', port: 80 };
const BACK = { serviceName: 'back', ipv4: '127.0.0.2', port: 81 };
const BROKER = { serviceName: 'Broker', ipv6: '2001:db8::1' };

const at = (value: string, offset: number, endpoint?: object) => ({
  timestamp: START + offset,
  value,
  ...(endpoint && { endpoint }),
});
const tag = (key: string, value: unknown, endpoint?: object) => ({
  key,
  value,
  ...(endpoint && { endpoint }),
});

realZipkin.suite('formats compared with a real Zipkin', () => {
  let server: TraceStoreServer;
  let clients: ZipkinClient[];
  beforeAll(async () => {
    server = await startTraceStore({ port: 0 });
    clients = [new ZipkinClient(server.url), new ZipkinClient(realZipkin.url)];
  });
  afterAll(() => server.close());

  /** Of ours, then of Zipkin. */
  const both = <T>(ask: (client: ZipkinClient) => Promise<T>): Promise<T[]> =>
    Promise.all(clients.map(ask));
  const statuses = (
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string>,
    path: string,
  ) => both(async (client) => (await client.post(body, headers, path)).status);
  const traces = (traceId: string) =>
    both(async (client) => {
      // Zipkin accepts spans before it keeps them.
      return sorted(await until(() => client.json(`/api/v2/trace/${traceId}`)));
    });

  it.each<[string, object]>([
    ['a client', { annotations: [at('cs', 0, FRONT), at('cr', 90, FRONT)] }],
    [
      'a client that names the called side',
      {
        annotations: [at('cs', 0, FRONT), at('cr', 90, FRONT)],
        binaryAnnotations: [tag('sa', true, BACK), tag('http.path', '/x', FRONT)],
      },
    ],
    [
      'a server with times of its own',
      {
        timestamp: START,
        duration: 50,
        annotations: [at('sr', 0, BACK), at('ss', 50, BACK)],
        binaryAnnotations: [tag('ca', true, FRONT)],
      },
    ],
    ['a server that joined its client', { annotations: [at('sr', 0, BACK), at('ss', 50, BACK)] }],
    [
      'a server called from its own port, as Finagle says',
      {
        annotations: [at('sr', 0, BACK), at('ss', 50, BACK)],
        binaryAnnotations: [tag('ca', true, { ...BACK, port: 5000 })],
      },
    ],
    [
      'both sides of a call',
      {
        annotations: [
          at('cs', 0, FRONT),
          at('sr', 9, BACK),
          at('ss', 50, BACK),
          at('cr', 90, FRONT),
        ],
        binaryAnnotations: [tag('a', 'x', FRONT), tag('a', 'y', BACK), tag('sa', true, BACK)],
      },
    ],
    [
      'both sides in one service',
      {
        timestamp: START,
        duration: 90,
        annotations: [
          at('cs', 0, FRONT),
          at('sr', 9, FRONT),
          at('ss', 50, FRONT),
          at('cr', 90, FRONT),
        ],
      },
    ],
    ['a call one way', { annotations: [at('cs', 0, FRONT), at('sr', 9, BACK)] }],
    ['a begin without an end', { timestamp: START, annotations: [at('cs', 0, FRONT)] }],
    ['an end without a begin', { annotations: [at('ss', 0, BACK)] }],
    [
      'an end that tells the begin',
      { timestamp: START, duration: 9, annotations: [at('cr', 9, FRONT)] },
    ],
    ['flushes', { annotations: [at('sr', 0, BACK), at('ss', 50, BACK), at('ssf', 60, BACK)] }],
    [
      'a sender of a message',
      {
        annotations: [at('ms', 0, FRONT), at('ws', 9, FRONT)],
        binaryAnnotations: [tag('ma', true, BROKER)],
      },
    ],
    [
      'a receiver of a message',
      {
        annotations: [at('wr', 0, BACK), at('mr', 9, BACK)],
        binaryAnnotations: [tag('ma', true, BROKER)],
      },
    ],
    [
      'both ends of a message',
      {
        annotations: [
          at('ms', 0, FRONT),
          at('ws', 5, FRONT),
          at('wr', 9, BACK),
          at('mr', 12, BACK),
        ],
        binaryAnnotations: [tag('ma', true, BROKER)],
      },
    ],
    [
      'both ends of a message in one service',
      { annotations: [at('ms', 0, FRONT), at('mr', 9, FRONT)] },
    ],
    ['wire marks alone', { annotations: [at('ws', 0, FRONT), at('wr', 9, BACK)] }],
    [
      'local work',
      { timestamp: START, duration: 5, binaryAnnotations: [tag('lc', 'component', FRONT)] },
    ],
    [
      'a service only',
      { timestamp: START, duration: 5, binaryAnnotations: [tag('lc', '', FRONT)] },
    ],
    ['a called address only', { binaryAnnotations: [tag('sa', true, BACK)] }],
    ['a calling address only', { binaryAnnotations: [tag('ca', true, FRONT)] }],
    ['two addresses', { binaryAnnotations: [tag('sa', true, BACK), tag('ca', true, FRONT)] }],
    [
      'events and values that are no text',
      {
        debug: true,
        timestamp: START,
        duration: 5,
        annotations: [at('retried', 2, FRONT), at('error', 1)],
        binaryAnnotations: [
          tag('n', 5, FRONT),
          tag('f', false, FRONT),
          tag('error', 'late', FRONT),
        ],
      },
    ],
    [
      'marks without a service',
      { annotations: [at('sr', 0), at('ss', 50)], binaryAnnotations: [tag('a', 'b')] },
    ],
    [
      'tags of another service',
      {
        annotations: [at('cs', 0, FRONT), at('cr', 90, FRONT)],
        binaryAnnotations: [tag('x', 'y', BACK), tag('z', '', {})],
      },
    ],
    ['nothing', { name: null, parentId: null, timestamp: null, annotations: null }],
  ])('splits a v1 span alike: %s', async (_title, part) => {
    for (const traceId of [randomBytes(8).toString('hex'), randomBytes(16).toString('hex')]) {
      const span = { traceId, id: '2', parentId: '1', name: 'GET', ...part };
      expect(await statuses(JSON.stringify([span]), JSON_TYPE, V1)).toEqual([202, 202]);
      const [ours, theirs] = await traces(traceId);
      expect(ours).toEqual(theirs);
    }
  });

  it('splits random v1 spans alike', async () => {
    let seed = 7;
    const upTo = (limit: number): number => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * limit);
    };
    const oneOf = <T>(list: readonly T[]): T => list[upTo(list.length)]!;
    const ends = [undefined, FRONT, BACK, { ...BACK, port: 9 }, BROKER, { ipv4: '10.0.0.1' }];
    const marks = ['cs', 'cr', 'sr', 'ss', 'ms', 'mr', 'ws', 'wr', 'other'];
    const spans = Array.from({ length: 400 }, () => ({
      traceId: randomBytes(8).toString('hex'),
      id: '2',
      ...(upTo(2) && { parentId: '1' }),
      ...(upTo(2) && { timestamp: START + upTo(3) }),
      ...(upTo(2) && { duration: upTo(60) }),
      annotations: Array.from({ length: upTo(5) }, () => at(oneOf(marks), upTo(60), oneOf(ends))),
      binaryAnnotations: Array.from({ length: upTo(4) }, () =>
        tag(oneOf(['ca', 'sa', 'ma', 'lc', 'k']), oneOf([true, true, '', 'v']), oneOf(ends)),
      ),
    }));
    expect(await statuses(JSON.stringify(spans), JSON_TYPE, V1)).toEqual([202, 202]);
    for (const span of spans) {
      const [ours, theirs] = await traces(span.traceId);
      expect({ span, trace: ours }).toEqual({ span, trace: theirs });
    }
  });

  it.each([
    '',
    '[]',
    '{}',
    'x',
    '[1]',
    '[{}]',
    '[{"traceId":"a"}]',
    '[{"traceId":"a","id":"0"}]',
    '[{"traceId":"a","id":"x"}]',
    '[{"traceId":"a","id":""}]',
    `[{"traceId":"a","id":"${'1'.repeat(33)}"}]`,
    `[{"traceId":"${'1'.repeat(33)}","id":"a"}]`,
    '[{"traceId":"a","id":"b","annotations":[{"value":"cs"}]}]',
    '[{"traceId":"a","id":"b","annotations":[{"timestamp":1}]}]',
    '[{"traceId":"a","id":"b","annotations":{}}]',
    '[{"traceId":"a","id":"b","binaryAnnotations":[{"value":"x"}]}]',
    '[{"traceId":"a","id":"b","binaryAnnotations":[{"key":"x"}]}]',
    '[{"traceId":"a","id":"b","binaryAnnotations":[{"key":"sa","value":true}]}]',
    '[{"traceId":"a","id":"b","binaryAnnotations":[{"key":"sa","value":true,"endpoint":{"port":70000}}]}]',
    '[{"traceId":"a","id":"b","timestamp":"x"}]',
  ])('answers POST of v1 %s with the same status', async (body) => {
    const [ours, theirs] = await statuses(body, JSON_TYPE, V1);
    expect(ours).toBe(theirs);
  });

  it('reads protobuf alike', async () => {
    const trace = randomBytes(16).toString('hex');
    const spans = [
      {
        ...aSpan('a', { trace, kind: 'CLIENT', at: 'Front', to: 'back', failed: true }),
        name: 'GET /Ü',
        duration: 3_000_000_000,
        annotations: [
          { timestamp: START + 2, value: 'b' },
          { timestamp: START + 1, value: 'a' },
        ],
        debug: true as const,
      },
      {
        ...aSpan('a', { trace, parent: 'f', kind: 'SERVER', shared: true }),
        localEndpoint: { serviceName: 'back', ipv4: '127.0.0.1', port: 65_535 },
        remoteEndpoint: { ipv6: '20010db8000000000000000000000001' },
        tags: { '': 'x', empty: '', __proto__: 'x', long: 'y'.repeat(300) },
      },
      { ...aSpan('c', { trace, kind: 'CONSUMER' }), localEndpoint: { ipv6: '0'.repeat(31) + '1' } },
      {
        ...aSpan('d', { trace, kind: 'PRODUCER' }),
        localEndpoint: { ipv6: '00000000000000000000ffff01020304' },
        remoteEndpoint: { ipv6: '0000000000000000000000000a020304' },
      },
      { ...aSpan('e', { trace }), localEndpoint: { ipv6: 'abcd' }, remoteEndpoint: {} },
    ];
    const body = protoSpans(spans);
    expect(await statuses(body, PROTOBUF, V2)).toEqual([202, 202]);
    const [ours, theirs] = await traces(trace);
    expect(ours).toEqual(theirs);
    expect(ours).toHaveLength(5);
    const zipped = new Uint8Array(gzipSync(body));
    const gzip = { ...PROTOBUF, 'content-encoding': 'gzip' };
    expect(await statuses(zipped, gzip, V2)).toEqual([202, 202]);
  });

  it.each<[string, Buffer]>([
    ['no bytes', Buffer.alloc(0)],
    ['half a span', Buffer.from(protoSpans([aSpan('a')])).subarray(0, 20)],
    ['an empty span', bytes(1, Buffer.alloc(0))],
    ['a span without an id', bytes(1, bytes(1, Buffer.from('0a', 'hex')))],
    [
      'an id of zeros',
      bytes(1, Buffer.concat([bytes(1, Buffer.from([1])), bytes(3, Buffer.alloc(8))])),
    ],
    [
      'an id of 9 bytes',
      bytes(1, Buffer.concat([bytes(1, Buffer.from([1])), bytes(3, Buffer.alloc(9, 1))])),
    ],
    ['a length beyond the end', Buffer.from([0x0a, 0x7f, 1])],
    ['a wire type that is none', Buffer.from([0x0a, 0x01, 0x0f])],
    ['JSON', Buffer.from('[{"traceId":"a","id":"b"}]')],
  ])('answers POST of protobuf with %s with the same status', async (_title, body) => {
    const [ours, theirs] = await statuses(new Uint8Array(body), PROTOBUF, V2);
    expect(ours).toBe(theirs);
  });

  it('tells ids of 64 bits from those of 128 alike', async () => {
    const low = randomBytes(8).toString('hex');
    const long = randomBytes(8).toString('hex') + low;
    await both((client) => client.post([aSpan('a', { trace: long })]));
    const missing = await both(async (client) => (await client.get(`/api/v2/trace/${low}`)).status);
    expect(missing).toEqual([404, 404]);
    await both((client) => client.post([aSpan('b', { trace: low })]));
    for (const traceId of [low, long]) {
      const [ours, theirs] = await traces(traceId);
      expect(ours).toEqual(theirs);
      expect(ours).toHaveLength(1);
    }
  });

  it('has the configuration that its pages ask for', async () => {
    const [ours, theirs] = await both((client) => client.json('/zipkin/config.json'));
    expect(ours).toEqual(theirs);
    const [info, known] = await both((client) => client.json('/info'));
    expect(info).toEqual({
      zipkin: { ...(known as { zipkin: object }).zipkin, commit: 'sock-shop' },
    });
  });
});

const JSON_TYPE = { 'content-type': 'application/json' };
const V1 = '/api/v1/spans';
const V2 = '/api/v2/spans';
