import {
  type Attributes,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { TraceState } from '@opentelemetry/core';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { Tracing } from '../src/tracing.ts';
import { tracingConfig } from '../src/tracing-config.ts';
import { toZipkin, type ZipkinSpan } from '../src/zipkin-encoder.ts';
import { SPAN, TRACE } from './headers.ts';

/** Seconds and nanoseconds since the epoch. */
const START: [number, number] = [1_700_000_000, 123_456_789];
const END: [number, number] = [1_700_000_000, 125_000_000];

/** What tells a process, its release and the maker of a span apart: once in each process of a trace. */
const OF_LOCAL_ROOT = {
  'service.version': '1.0.0',
  'service.instance.id': expect.stringMatching(/^[\da-f-]{36}$/),
  'otel.scope.name': '@sockshop/tracing',
  'otel.scope.version': '1.0.0',
};

interface Shape {
  name?: string;
  kind?: SpanKind;
  attributes?: Attributes;
  parent?: boolean;
  end?: [number, number];
  debug?: boolean;
  work?: (span: Span) => void;
}

describe('toZipkin', () => {
  let exporter: InMemorySpanExporter;
  let tracing: Tracing;
  beforeEach(async () => {
    exporter = new InMemorySpanExporter();
    const env = { OTEL_RESOURCE_ATTRIBUTES: 'service.version=1.0.0' };
    tracing = await Tracing.start('Carts', tracingConfig(env), exporter);
  });

  function encoded(shape: Shape): ZipkinSpan {
    const caller = shape.parent
      ? tracing.extract({ traceparent: `00-${TRACE}-${SPAN}-01` })
      : ROOT_CONTEXT;
    const span = tracing.tracer.startSpan(
      shape.name ?? 'work',
      {
        kind: shape.kind ?? SpanKind.INTERNAL,
        attributes: shape.attributes ?? {},
        startTime: START,
      },
      caller,
    );
    shape.work?.(span);
    span.end(shape.end ?? END);
    const [ended] = exporter.getFinishedSpans();
    return toZipkin(ended!, { address: '10.1.2.3', port: 8082 }, shape.debug ?? false);
  }
  const id = expect.stringMatching(/^[\da-f]{16}$/);

  it('writes a SERVER span', () => {
    const attributes = {
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'client.address': '192.0.2.7',
    };
    const span = encoded({
      name: 'GET /carts/{id}',
      kind: SpanKind.SERVER,
      attributes,
      parent: true,
    });
    expect(span).toEqual({
      traceId: TRACE,
      id,
      parentId: SPAN,
      name: 'get /carts/{id}',
      kind: 'SERVER',
      timestamp: 1_700_000_000_123_457,
      duration: 1543,
      localEndpoint: { serviceName: 'carts', ipv4: '10.1.2.3', port: 8082 },
      remoteEndpoint: { ipv4: '192.0.2.7' },
      tags: {
        'http.request.method': 'GET',
        'http.response.status_code': '200',
        'client.address': '192.0.2.7',
        ...OF_LOCAL_ROOT,
      },
    });
  });

  it('writes links as the tags of the Collector, but none to the parent', () => {
    const link = (spanId: string) => ({ traceId: TRACE, spanId, traceFlags: 1 });
    const { tags } = encoded({
      parent: true,
      work: (span) => {
        span.addLink({ context: link(SPAN) });
        span.addLink({ context: link('00f067aa0ba902b7'), attributes: { why: 'retry' } });
        const traceState = new TraceState('a=1,b=2');
        span.addLink({ context: { ...link('05e3ac9a4f6e3b90'), traceState } });
      },
    });
    expect(tags).toMatchObject({
      'otlp.link.0': `${TRACE}|00f067aa0ba902b7||{"why":"retry"}|0`,
      'otlp.link.1': `${TRACE}|05e3ac9a4f6e3b90|a=1,b=2|{}|0`,
    });
    expect(tags).not.toHaveProperty('otlp.link.2');
  });

  it('writes a root span of kind INTERNAL without kind, parent or remote end', () => {
    expect(encoded({ attributes: { 'server.address': 'db' } })).toEqual({
      traceId: expect.stringMatching(/^[\da-f]{32}$/),
      id,
      name: 'work',
      timestamp: 1_700_000_000_123_457,
      duration: 1543,
      localEndpoint: { serviceName: 'carts', ipv4: '10.1.2.3', port: 8082 },
      tags: { 'server.address': 'db', ...OF_LOCAL_ROOT },
    });
  });

  it.each([
    [SpanKind.CLIENT, 'CLIENT'],
    [SpanKind.SERVER, 'SERVER'],
    [SpanKind.PRODUCER, 'PRODUCER'],
    [SpanKind.CONSUMER, 'CONSUMER'],
    [SpanKind.INTERNAL, undefined],
  ])('writes kind %s as %s', (kind, expected) => {
    expect(encoded({ kind }).kind).toBe(expected);
  });

  it.each<[string, SpanKind, Attributes, object | undefined]>([
    [
      'a database',
      SpanKind.CLIENT,
      { 'service.peer.name': 'Carts-DB', 'server.address': 'db', 'server.port': 27017 },
      { serviceName: 'carts-db', port: 27017 },
    ],
    [
      'a service by its address',
      SpanKind.CLIENT,
      { 'server.address': '10.0.0.9', 'server.port': 80 },
      { serviceName: '10.0.0.9', ipv4: '10.0.0.9', port: 80 },
    ],
    [
      'the peer behind a name',
      SpanKind.CLIENT,
      {
        'server.address': 'mq',
        'server.port': 1,
        'network.peer.address': '::1',
        'network.peer.port': 5672,
      },
      { serviceName: 'mq', ipv6: '::1', port: 5672 },
    ],
    [
      'a broker, of a PRODUCER',
      SpanKind.PRODUCER,
      { 'service.peer.name': 'rabbitmq' },
      { serviceName: 'rabbitmq' },
    ],
    [
      'a broker, of a CONSUMER',
      SpanKind.CONSUMER,
      { 'service.peer.name': 'rabbitmq' },
      { serviceName: 'rabbitmq' },
    ],
    [
      'a caller by IPv6',
      SpanKind.SERVER,
      { 'client.address': '2001:db8::1' },
      { ipv6: '2001:db8::1' },
    ],
    ['no remote end, of a SERVER', SpanKind.SERVER, { 'client.address': 'unix' }, undefined],
    ['no remote end, of a CLIENT', SpanKind.CLIENT, {}, undefined],
  ])('names %s as the remote end', (_case, kind, attributes, expected) => {
    expect(encoded({ kind, attributes }).remoteEndpoint).toEqual(expected);
  });

  it.each<[string, Shape['work'], Record<string, string>]>([
    ['unset', undefined, {}],
    ['OK', (span) => span.setStatus({ code: SpanStatusCode.OK }), { 'otel.status_code': 'OK' }],
    [
      'ERROR without a description',
      (span) => span.setStatus({ code: SpanStatusCode.ERROR }),
      { 'otel.status_code': 'ERROR', error: '' },
    ],
    [
      'ERROR with a description',
      (span) => span.setStatus({ code: SpanStatusCode.ERROR, message: 'no stock' }),
      { 'otel.status_code': 'ERROR', error: 'no stock' },
    ],
    ['unset beside an attribute named error', (span) => span.setAttribute('error', 'false'), {}],
  ])('has an error tag if and only if the status is ERROR: %s', (_case, work, expected) => {
    const { tags } = encoded({ parent: true, ...(work && { work }) });
    expect(tags).toEqual({ ...OF_LOCAL_ROOT, ...expected });
  });

  it('names the environment at the first span of a process, and the scope also of others', async () => {
    const env = {
      OTEL_RESOURCE_ATTRIBUTES: 'service.version=1.0.0,deployment.environment.name=demo',
    };
    tracing = await Tracing.start('carts', tracingConfig(env), exporter);
    const parent = tracing.tracer.startSpan('outer');
    const from = trace.setSpan(ROOT_CONTEXT, parent);
    tracing.tracer.startSpan('inner', {}, from).end();
    tracing.tracerOf({ name: 'own', version: '2.0' }).startSpan('theirs', {}, from).end();
    parent.end();
    const tags = exporter.getFinishedSpans().map((span) => toZipkin(span, {}, false).tags);
    expect(tags).toEqual([
      {},
      { 'otel.scope.name': 'own', 'otel.scope.version': '2.0' },
      { ...OF_LOCAL_ROOT, 'deployment.environment.name': 'demo' },
    ]);
  });

  it('counts what was dropped', () => {
    const many = Array.from({ length: 130 }, (_, index) => [`a${index}`, index]);
    const { tags } = encoded({
      attributes: Object.fromEntries(many) as Attributes,
      work: (span) => {
        for (let index = 0; index < 131; index += 1) span.addEvent('again');
      },
    });
    expect(tags).toMatchObject({
      'otel.dropped_attributes_count': '2',
      'otel.dropped_events_count': '3',
    });
    expect(tags).not.toHaveProperty('otel.dropped_links_count');
  });

  it('writes every tag as text', () => {
    const attributes = { count: 3, share: 0.5, yes: true, list: ['a', 'b'], words: 'as they are' };
    expect(encoded({ attributes }).tags).toMatchObject({
      count: '3',
      share: '0.5',
      yes: 'true',
      list: '["a","b"]',
      words: 'as they are',
    });
  });

  it('writes events as annotations with their attributes', () => {
    const work = (span: Span): void => {
      span.addEvent('plain', [1_700_000_000, 124_000_000]);
      span.addEvent('retry', { attempt: 2 }, [1_700_000_000, 124_500_600]);
    };
    expect(encoded({ work }).annotations).toEqual([
      { timestamp: 1_700_000_000_124_000, value: 'plain' },
      { timestamp: 1_700_000_000_124_501, value: '{"retry":{"attempt":2}}' },
    ]);
  });

  it.each<[[number, number], number]>([
    [START, 1],
    [[START[0], START[1] + 300], 1],
    [[START[0], START[1] + 1_600], 2],
    [[START[0] + 1, START[1]], 1_000_000],
  ])('never lasts less than a microsecond: until %j', (end, expected) => {
    expect(encoded({ end }).duration).toBe(expected);
  });

  it('marks spans of a debug trace only', () => {
    expect(encoded({ debug: true }).debug).toBe(true);
    exporter.reset();
    expect(encoded({ debug: false })).not.toHaveProperty('debug');
  });

  it('never claims to share the span of the caller', () => {
    const span = encoded({ kind: SpanKind.SERVER, parent: true });
    expect(span).not.toHaveProperty('shared');
    expect(span.id).not.toBe(SPAN);
  });
});
