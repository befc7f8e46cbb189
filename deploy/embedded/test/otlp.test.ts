import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { toZipkin } from '@sockshop/tracing';
import { gzipSync } from 'node:zlib';
import { startTraceStore, type TraceStoreServer } from '../src/trace-store/trace-store-server.ts';
import { ZipkinClient } from './spans.ts';

const TRACE_ID = '5af7183fb1d4cf5f6b221d5bc9e0a001';
const SECONDS = 1_700_000_000;
const JSON_TYPE = { 'content-type': 'application/json' };
const PROTOBUF = { 'content-type': 'application/x-protobuf' };

function ended(id: string, span: Partial<ReadableSpan> = {}): ReadableSpan {
  return {
    name: 'GET',
    kind: SpanKind.INTERNAL,
    spanContext: () => context(id),
    startTime: [SECONDS, 123_456_789],
    endTime: [SECONDS, 126_456_789],
    duration: [0, 3_000_000],
    status: { code: SpanStatusCode.UNSET },
    attributes: {},
    links: [],
    events: [],
    ended: true,
    resource: resourceFromAttributes({ 'service.name': 'Orders', 'service.version': '1.2' }),
    instrumentationScope: { name: 'a scope', version: '3' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    ...span,
  };
}

function context(id: string) {
  return {
    traceId: TRACE_ID,
    spanId: id.padStart(16, '0'),
    traceFlags: TraceFlags.SAMPLED,
  };
}

const SPANS = [
  ended('a', {
    name: 'GET /orders',
    kind: SpanKind.SERVER,
    parentSpanContext: { ...context('f'), isRemote: true },
    status: { code: SpanStatusCode.ERROR, message: 'no card' },
    attributes: {
      text: 'ü',
      count: -5,
      most: Number.MAX_SAFE_INTEGER,
      share: 0.25,
      yes: true,
      no: false,
      texts: ['a', 'b'],
      numbers: [1, 2],
      'client.address': '10.0.0.1',
    },
    events: [
      { name: 'retried', time: [SECONDS, 124_000_000], attributes: { attempt: 2 } },
      { name: 'plain', time: [SECONDS, 125_000_000], attributes: {} },
    ],
    droppedAttributesCount: 3,
  }),
  ended('b', {
    kind: SpanKind.CLIENT,
    parentSpanContext: { ...context('a'), isRemote: false },
    attributes: { 'server.address': 'payment', 'server.port': 80 },
    status: { code: SpanStatusCode.OK },
    duration: [0, 10],
    endTime: [SECONDS, 123_456_799],
  }),
  ended('c', {
    kind: SpanKind.PRODUCER,
    parentSpanContext: { ...context('a'), isRemote: false },
    attributes: { 'service.peer.name': 'rabbitmq' },
    links: [{ context: context('b'), attributes: { why: 'x' } }],
    resource: resourceFromAttributes({ 'service.name': 'shipping' }),
  }),
  ended('d', { kind: SpanKind.CONSUMER, attributes: { 'service.peer.name': 'rabbitmq' } }),
];

let server: TraceStoreServer;
let client: ZipkinClient;
beforeEach(async () => {
  server = await startTraceStore({ port: 0 });
  client = new ZipkinClient(server.url);
});
afterEach(() => server.close());

const send = (body: string | Uint8Array, headers: Record<string, string>): Promise<Response> =>
  client.post(body, headers, '/v1/traces');
const serialized = (serializer: typeof JsonTraceSerializer, spans: ReadableSpan[]) =>
  new Uint8Array(serializer.serializeRequest(spans) ?? []);
const kept = async (): Promise<Record<string, unknown>[]> =>
  (await client.json(`/api/v2/trace/${TRACE_ID}`)) as Record<string, unknown>[];

/** A request with one span, of which `part` is set. */
function aRequest(part: object): string {
  const span = {
    traceId: TRACE_ID.toUpperCase(),
    spanId: '000000000000000a',
    name: 'GET',
    kind: 3,
    startTimeUnixNano: '1700000000000001000',
    endTimeUnixNano: '1700000000000003000',
    ...part,
  };
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
}
const attribute = (key: string, value: object) => ({ key, value });

describe('POST /v1/traces', () => {
  it.each([
    ['JSON', JsonTraceSerializer, JSON_TYPE, '{}'],
    ['protobuf', ProtobufTraceSerializer, PROTOBUF, ''],
  ])(
    'keeps what the stock exporter sends as %s like the same spans in Zipkin JSON',
    async (...of) => {
      const [, serializer, headers, empty] = of;
      const response = await send(serialized(serializer, SPANS), headers);
      expect([response.status, await response.text()]).toEqual([200, empty]);
      expect(response.headers.get('content-type')).toContain(headers['content-type']);
      const byOtlp = await kept();

      const other = await startTraceStore({ port: 0 });
      const direct = new ZipkinClient(other.url);
      await direct.post(SPANS.map((span) => toZipkin(span, {}, false)));
      const byZipkin = await direct.json(`/api/v2/trace/${TRACE_ID}`);
      await other.close();
      const byId = (spans: unknown) => Object.groupBy(spans as { id: string }[], ({ id }) => id);
      expect(byId(byOtlp)).toEqual(byId(byZipkin));
      expect(byOtlp).toHaveLength(4);
      expect(byOtlp[0]).toMatchObject({
        parentId: '000000000000000f',
        kind: 'SERVER',
        name: 'get /orders',
        timestamp: 1_700_000_000_123_457,
        duration: 3000,
        localEndpoint: { serviceName: 'orders' },
        tags: { 'otel.status_code': 'ERROR', error: 'no card', count: '-5', texts: '["a","b"]' },
      });
    },
  );

  it('accepts gzip', async () => {
    const body = new Uint8Array(gzipSync(serialized(ProtobufTraceSerializer, SPANS)));
    const response = await send(body, { ...PROTOBUF, 'content-encoding': 'gzip' });
    expect(response.status).toBe(200);
    expect(await kept()).toHaveLength(4);
  });

  it.each<[Record<string, string>, string | undefined]>([
    [{ 'peer.service': 'Payment', 'server.address': 'host' }, 'payment'],
    [{ 'service.peer.name': 'payment', 'peer.service': 'old' }, 'payment'],
    [{ 'server.address': 'payment', 'net.peer.name': 'old' }, 'payment'],
    [{ 'net.peer.name': 'payment', 'db.name': 'users' }, 'payment'],
    [{ 'net.sock.peer.name': 'payment', 'peer.hostname': 'other' }, 'payment'],
    [{ 'db.name': 'users' }, 'users'],
    [{ other: 'x' }, undefined],
  ])('takes the remote end of a call from %j', async (attributes, serviceName) => {
    const list = Object.entries(attributes).map(([key, stringValue]) =>
      attribute(key, { stringValue }),
    );
    expect((await send(aRequest({ attributes: list }), JSON_TYPE)).status).toBe(200);
    const [span] = await kept();
    expect(span?.['remoteEndpoint']).toEqual(serviceName && { serviceName });
    expect(span?.['localEndpoint']).toEqual({ serviceName: 'unknown_service' });
  });

  it('writes values of every type as a tag', async () => {
    const attributes = [
      attribute('huge', { intValue: '9223372036854775807' }),
      attribute('number', { intValue: 5 }),
      attribute('infinite', { doubleValue: 'Infinity' }),
      attribute('bytes', { bytesValue: 'AQI=' }),
      attribute('map', {
        kvlistValue: {
          values: [attribute('a', { arrayValue: { values: [{ boolValue: true }] } })],
        },
      }),
      attribute('empty', {}),
      attribute('__proto__', { stringValue: 'x' }),
    ];
    expect((await send(aRequest({ attributes }), JSON_TYPE)).status).toBe(200);
    const [span] = await kept();
    expect(span?.['tags']).toMatchObject({
      huge: '9223372036854775807',
      number: '5',
      infinite: 'Infinity',
      bytes: 'AQI=',
      map: '{"a":[true]}',
    });
    expect(span).toMatchObject({ timestamp: 1_700_000_000_000_001, duration: 2 });
  });

  it.each<[string, string]>([
    ['{', 'Expected an ExportTraceServiceRequest in JSON'],
    ['[]', 'an ExportTraceServiceRequest in JSON is not an object'],
    ['{"resourceSpans":{}}', 'resourceSpans is not a list'],
    ['{"resourceSpans":[1]}', 'resourceSpans is not an object'],
    [aRequest({ traceId: 'abc' }), 'Cannot read span 0: traceId is not 16 bytes'],
    [aRequest({ traceId: '0'.repeat(32) }), 'Cannot read span 0: traceId is all zeros'],
    [aRequest({ spanId: undefined }), 'Cannot read span 0: spanId is missing'],
    [
      aRequest({ startTimeUnixNano: 'x' }),
      'Cannot read span 0: startTimeUnixNano is not a whole number',
    ],
    [
      aRequest({ attributes: [attribute('a', { intValue: 'x' })] }),
      'Cannot read span 0: intValue is not a whole number',
    ],
    [
      aRequest({
        attributes: Array.from({ length: 300 }, (_, i) => attribute(`${i}`, { intValue: 1 })),
      }),
      'Cannot read span 0: more than 256 tags',
    ],
    [aRequest({ attributes: [attribute('a', nested(40))] }), 'attributes are nested too deeply'],
  ])('answers 400 with a status to %.60s and keeps nothing', async (body, message) => {
    const good = JSON.parse(aRequest({})) as { resourceSpans: unknown[] };
    const response = await send(body, JSON_TYPE);
    const status = (await response.json()) as { code: number; message: string };
    expect([response.status, status.code]).toEqual([400, 3]);
    expect(status.message).toContain(message);
    if (body.startsWith('{"resourceSpans":[{')) {
      // A good span before the bad one is not kept either.
      const { resourceSpans } = JSON.parse(body) as typeof good;
      const both = { resourceSpans: [...good.resourceSpans, ...resourceSpans] };
      expect((await send(JSON.stringify(both), JSON_TYPE)).status).toBe(400);
    }
    expect(server.store.spanCount).toBe(0);
  });

  it('answers 400 with a status in protobuf to bytes that are none', async () => {
    const whole = serialized(ProtobufTraceSerializer, SPANS);
    const response = await send(whole.subarray(0, 200), PROTOBUF);
    const body = Buffer.from(await response.arrayBuffer());
    expect([response.status, response.headers.get('content-type')]).toEqual([
      400,
      'application/x-protobuf',
    ]);
    expect(body.subarray(0, 3).toString('hex')).toBe('080312');
    expect(body.subarray(4).toString()).toBe('the message ends too early');
    expect(server.store.spanCount).toBe(0);
  });

  it('answers 400 to messages that are nested without end', async () => {
    let body = Buffer.alloc(0);
    for (let level = 0; level < 5000; level++) body = wrapped(1, wrapped(5, body)); // values of lists of values
    const span = wrapped(9, wrapped(2, body));
    const request = wrapped(1, wrapped(2, wrapped(2, span)));
    expect((await send(new Uint8Array(request), PROTOBUF)).status).toBe(400);
  });

  it('answers 400 to more messages than any exporter sends', async () => {
    const request = Buffer.alloc(2 * 1024 * 1024, Buffer.from([0x0a, 0x00]));
    expect((await send(new Uint8Array(request), PROTOBUF)).status).toBe(400);
  });

  it('answers 413 above 5 MiB, and 415 to other types and encodings', async () => {
    const huge = new Uint8Array(6 * 1024 * 1024).fill(32);
    expect((await send(huge, JSON_TYPE)).status).toBe(413);
    const zipped = new Uint8Array(gzipSync(huge));
    const gzip = { ...JSON_TYPE, 'content-encoding': 'gzip' };
    expect((await send(zipped, gzip)).status).toBe(413);
    expect((await send('{}', { 'content-type': 'text/plain' })).status).toBe(415);
    const brotli = await send('{}', { ...JSON_TYPE, 'content-encoding': 'br' });
    expect([brotli.status, await brotli.text()]).toEqual([415, 'Cannot read the encoding br']);
  });
});

function nested(levels: number): object {
  return levels === 0 ? { intValue: 1 } : { arrayValue: { values: [nested(levels - 1)] } };
}

/** A field that holds a message. */
function wrapped(field: number, content: Buffer): Buffer<ArrayBuffer> {
  const length: number[] = [];
  let rest = content.length;
  for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) + 128);
  return Buffer.concat([Buffer.from([field * 8 + 2, ...length, rest]), content]);
}
