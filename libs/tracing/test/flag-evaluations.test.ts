import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { attributesOf, OtlpReceiver } from '@sockshop/testing/otlp-receiver';
import { recordFlagEvaluation } from '../src/flag-evaluations.ts';
import { inSpan } from '../src/spans.ts';
import { tracingConfig } from '../src/tracing-config.ts';
import { Tracing } from '../src/tracing.ts';

const facts = (variant: string, value: boolean) => ({
  'feature_flag.key': 'slow-payment',
  'feature_flag.provider.name': 'flagd',
  'feature_flag.result.variant': variant,
  'feature_flag.result.value': value,
});

describe('the evaluation of a feature flag', () => {
  let collector: OtlpReceiver;
  beforeEach(async () => {
    collector = await OtlpReceiver.start();
  });
  afterEach(() => collector.close());

  /** Work with the flag on, then off, then without asking for it. */
  const work = async (env: Record<string, string>): Promise<ReadableSpan[]> => {
    const spans = new InMemorySpanExporter();
    const tracing = await Tracing.start('payment', tracingConfig(env), spans);
    for (const value of [true, false]) {
      await inSpan(tracing, 'authorise', {}, () => {
        const variant = value ? 'on' : 'off';
        recordFlagEvaluation(tracing, { key: 'slow-payment', provider: 'flagd', variant, value });
      });
    }
    await inSpan(tracing, 'authorise', {}, () => undefined);
    const ended = spans.getFinishedSpans();
    await tracing.flush();
    await tracing.shutdown();
    return ended;
  };

  it('is an event of the active span, with key, variant, value and provider', async () => {
    const [on, off, none] = await work({});
    const name = 'feature_flag.evaluation';
    expect(on?.events).toMatchObject([{ name, attributes: facts('on', true) }]);
    expect(off?.events).toMatchObject([{ name, attributes: facts('off', false) }]);
    expect(none?.events).toEqual([]);
  });

  it('is a log record with the ids of the active span where log records are exported', async () => {
    const spans = await work({
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url('http/protobuf'),
    });
    expect(spans.flatMap(({ events }) => events)).toEqual([]);
    const records = collector.items('logs').map(({ item }) => item);
    expect(records.map(attributesOf)).toEqual([facts('on', true), facts('off', false)]);
    records.forEach((record, index) => {
      const { traceId, spanId } = spans[index]!.spanContext();
      expect(record).toMatchObject({ eventName: 'feature_flag.evaluation', traceId, spanId });
    });
  });
});
