import { trace } from '@opentelemetry/api';
import { describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { now } from '../src/clock.ts';
import { context } from '../src/context.ts';
import { inSpan } from '../src/spans.ts';
import { Tracing } from '../src/tracing.ts';
import { tracingConfig } from '../src/tracing-config.ts';

const micros = ([seconds, nanos]: [number, number]): number => seconds * 1e6 + nanos / 1000;

describe('now()', () => {
  it('is the wall clock, in whole microseconds, and never goes backwards', () => {
    let last = micros(now());
    expect(Math.abs(last / 1000 - Date.now())).toBeLessThan(1000);
    for (let call = 0; call < 10_000; call += 1) {
      const next = micros(now());
      expect(next).toBeGreaterThanOrEqual(last);
      expect(Number.isInteger(next)).toBe(true);
      last = next;
    }
  });
});

describe('a tracer', () => {
  it('keeps children inside their parents, to the microsecond', async () => {
    const spans = new InMemorySpanExporter();
    const tracing = await Tracing.start('clock', tracingConfig({}), spans);
    for (let round = 0; round < 200; round += 1) {
      await inSpan(tracing, 'parent', {}, () => inSpan(tracing, 'child', {}, () => undefined));
    }
    const finished = spans.getFinishedSpans();
    const byId = new Map(finished.map((span) => [span.spanContext().spanId, span]));
    for (const child of finished.filter(({ name }) => name === 'child')) {
      const parent = byId.get(child.parentSpanContext!.spanId)!;
      expect(micros(child.startTime)).toBeGreaterThanOrEqual(micros(parent.startTime));
      expect(micros(child.endTime)).toBeLessThanOrEqual(micros(parent.endTime));
    }
    expect(finished.some(({ startTime }) => startTime[1] % 1_000_000 !== 0)).toBe(true);
    await tracing.shutdown();
  });

  it('keeps the times it is given, and starts active spans too', async () => {
    const spans = new InMemorySpanExporter();
    const tracing = await Tracing.start('clock', tracingConfig({}), spans);
    const { tracer } = tracing;
    tracer.startSpan('given', { startTime: [1000, 0] }).end([1001, 0]);
    tracer.startActiveSpan('active', (span) => {
      expect(trace.getSpan(context.active())).toBe(span);
      span.end();
    });
    const [given, active] = spans.getFinishedSpans();
    expect([given?.startTime, given?.endTime]).toEqual([
      [1000, 0],
      [1001, 0],
    ]);
    expect(active?.name).toBe('active');
    await tracing.shutdown();
  });
});
