import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { attributesOf, OtlpReceiver } from '@sockshop/testing/otlp-receiver';
import { inSpan } from '../src/spans.ts';
import { tracingConfig } from '../src/tracing-config.ts';
import { Tracing } from '../src/tracing.ts';

class OutOfSocksError extends Error {
  override readonly name = 'OutOfSocksError';
}

describe('an exception', () => {
  let collector: OtlpReceiver;
  beforeEach(async () => {
    collector = await OtlpReceiver.start();
  });
  afterEach(() => collector.close());

  const fail = async (env: Record<string, string>) => {
    const spans = new InMemorySpanExporter();
    const tracing = await Tracing.start('shelf', tracingConfig(env), spans);
    const error = new OutOfSocksError('no socks at http://carts:hush@db/');
    const work = inSpan(tracing, 'outer', {}, () =>
      inSpan(tracing, 'inner', {}, () => Promise.reject(error)),
    );
    await expect(work).rejects.toBe(error);
    await tracing.flush();
    const [inner, outer] = spans.getFinishedSpans();
    await tracing.shutdown();
    return { inner: inner!, outer: outer!, records: collector.items('logs') };
  };
  const exported = () => ({
    OTEL_LOGS_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url('http/protobuf'),
  });
  const facts = {
    'exception.type': 'OutOfSocksError',
    'exception.message': 'no socks at http://REDACTED:REDACTED@db/',
    'exception.stacktrace': expect.stringMatching(
      /^OutOfSocksError: no socks at http:\/\/REDACTED:REDACTED@db\/\n {4}at /,
    ),
  };

  it.each([
    ['', 1, 0],
    ['logs', 0, 1],
    ['logs/dup', 1, 1],
  ])(
    'with OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN=%s is recorded once in each of its signals',
    async (OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN, events, logged) => {
      const env = { ...exported(), OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN };
      const { inner, outer, records } = await fail(env);
      expect([inner.events.length, records.length]).toEqual([events, logged]);
      expect(outer.events).toEqual([]);
      for (const span of [inner, outer]) {
        expect(span.status.code).toBe(2);
        expect(span.attributes['error.type']).toBe('OutOfSocksError');
      }
      for (const event of inner.events) {
        expect(event).toMatchObject({ name: 'exception', attributes: facts });
      }
      for (const { item } of records) {
        const { traceId, spanId } = inner.spanContext();
        expect(item).toMatchObject({ eventName: 'exception', traceId, spanId, severityNumber: 17 });
        expect(attributesOf(item)).toEqual(facts);
      }
    },
  );

  it('stays an event where log records go nowhere', async () => {
    const { inner } = await fail({ OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN: 'logs' });
    expect(inner.events).toMatchObject([{ name: 'exception', attributes: facts }]);
  });
});
