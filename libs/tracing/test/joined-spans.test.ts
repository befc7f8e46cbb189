import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SpanKind, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { Tracing } from '../src/tracing.ts';
import { tracingConfig } from '../src/tracing-config.ts';
import { toZipkin } from '../src/zipkin-encoder.ts';
import { type Headers, injected, SHORT_TRACE, SPAN, TRACE } from './headers.ts';

const PARENT = '05e3ac9a4f6e3b90';

describe('with ZIPKIN_SUPPORTS_JOIN=true', () => {
  const spans = new InMemorySpanExporter();
  let tracing: Tracing;
  beforeAll(async () => {
    tracing = await Tracing.start('carts', tracingConfig({ ZIPKIN_SUPPORTS_JOIN: 'true' }), spans);
  });
  afterAll(() => tracing.shutdown());

  function received(kind: SpanKind, headers: Headers): ReadableSpan {
    spans.reset();
    tracing.tracer.startSpan('GET /carts', { kind }, tracing.extract(headers)).end();
    return spans.getFinishedSpans()[0]!;
  }
  const b3 = { 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN, 'x-b3-sampled': '1' };
  const traceparent = `00-${TRACE}-${SPAN}-01`;

  it.each<[string, Headers, string | undefined]>([
    ['the single header', { b3: `${TRACE}-${SPAN}-1` }, undefined],
    ['the single header with a parent', { b3: `${TRACE}-${SPAN}-1-${PARENT}` }, PARENT],
    ['several headers', b3, undefined],
    ['several headers with a parent', { ...b3, 'x-b3-parentspanid': PARENT }, PARENT],
    ['several headers beside the same traceparent', { ...b3, traceparent }, undefined],
    ['64 bits', { ...b3, 'x-b3-traceid': SHORT_TRACE }, undefined],
  ])('a SERVER span joins the span of a caller that sends %s', (_case, headers, parentId) => {
    const span = received(SpanKind.SERVER, headers);
    expect(span.spanContext().spanId).toBe(SPAN);
    const { id, shared, ...sent } = toZipkin(span, {}, false);
    expect([id, shared, sent.parentId]).toEqual([SPAN, true, parentId]);
  });

  it.each<[string, SpanKind, Headers]>([
    ['of a caller that sends W3C only', SpanKind.SERVER, { traceparent }],
    [
      'of a caller whose traceparent has another span',
      SpanKind.SERVER,
      { ...b3, traceparent: traceparent.replace(SPAN, PARENT) },
    ],
    ['in a CONSUMER span', SpanKind.CONSUMER, b3],
  ])('no span is joined %s', (_case, kind, headers) => {
    const span = received(kind, headers);
    expect([SPAN, PARENT]).toContain(span.parentSpanContext?.spanId);
    expect(span.spanContext().spanId).not.toBe(span.parentSpanContext?.spanId);
    expect(toZipkin(span, {}, false)).not.toHaveProperty('shared');
  });

  it('a call from a joined span has a span id of its own', () => {
    const caller = tracing.extract(b3);
    const server = tracing.tracer.startSpan('server', { kind: SpanKind.SERVER }, caller);
    const inside = trace.setSpan(caller, server);
    const client = tracing.tracer.startSpan('client', { kind: SpanKind.CLIENT }, inside);
    const sent = injected(tracing, trace.setSpan(inside, client));
    expect(sent['x-b3-spanid']).not.toBe(SPAN);
    const nested = tracing.tracer.startSpan('nested', { kind: SpanKind.SERVER }, inside);
    expect(nested.spanContext().spanId).not.toBe(SPAN);
  });
});

it('no SERVER span joins its caller by default', async () => {
  const spans = new InMemorySpanExporter();
  const tracing = await Tracing.start('carts', tracingConfig({}), spans);
  const caller = tracing.extract({ b3: `${TRACE}-${SPAN}-1` });
  tracing.tracer.startSpan('GET /carts', { kind: SpanKind.SERVER }, caller).end();
  const sent = toZipkin(spans.getFinishedSpans()[0]!, {}, false);
  expect([sent.parentId, sent.shared]).toEqual([SPAN, undefined]);
  expect(sent.id).not.toBe(SPAN);
});
