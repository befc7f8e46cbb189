import { isSpanContextValid, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { suppressTracing } from '@opentelemetry/core';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { context, inSpan, Tracing, tracingConfig } from '@sockshop/tracing';
import { baggageFields, traceFields } from '../src/trace-fields.ts';

let tracing: Tracing;
beforeEach(async () => {
  tracing = await Tracing.start('carts', tracingConfig({}), new InMemorySpanExporter());
});
afterEach(() => tracing.shutdown());

describe('traceFields', () => {
  it('are the ids of the active span, in lower case', async () => {
    await inSpan(tracing, 'work', {}, (span) => {
      const { traceId: trace_id, spanId: span_id } = span.spanContext();
      expect(traceFields()).toEqual({ trace_id, span_id, trace_flags: '01' });
    });
  });

  it('tell of an unsampled trace, too', () => {
    const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 0 };
    const active = trace.setSpanContext(context.active(), span);
    expect(context.with(active, traceFields)?.trace_flags).toBe('00');
  });

  it('are absent outside of a span', () => {
    expect(traceFields()).toBeUndefined();
  });

  it('are absent where tracing is suppressed', async () => {
    await context.with(suppressTracing(context.active()), () =>
      inSpan(tracing, 'work', {}, (span) => {
        expect(isSpanContextValid(span.spanContext())).toBe(false);
        expect(traceFields()).toBeUndefined();
      }),
    );
  });

  it('are absent with the SDK disabled and no caller', async () => {
    const off = await Tracing.start('carts', tracingConfig({ OTEL_SDK_DISABLED: 'true' }));
    await inSpan(off, 'work', {}, () => {
      expect(traceFields()).toBeUndefined();
    });
  });
});

describe('baggageFields', () => {
  const baggage = 'user-name=eve,session.id=7,token=secret';

  it.each([
    ['the user name by default', {}, { 'user-name': 'eve' }],
    [
      'those that BAGGAGE_LOG_FIELDS names',
      { BAGGAGE_LOG_FIELDS: 'session.id' },
      { 'session.id': '7' },
    ],
    ['none with BAGGAGE_LOG_FIELDS=none', { BAGGAGE_LOG_FIELDS: 'none' }, undefined],
  ])('are %s', async (_case, env, expected) => {
    const service = await Tracing.start('carts', tracingConfig(env));
    expect(context.with(service.extract({ baggage }), baggageFields)).toEqual(expected);
  });

  it('are absent outside of a request', () => {
    expect(baggageFields()).toBeUndefined();
  });
});
