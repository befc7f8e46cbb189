import { trace } from '@opentelemetry/api';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { now, wallOffset } from '../src/clock.ts';
import { context } from '../src/context.ts';
import { inSpan } from '../src/spans.ts';
import { Tracing } from '../src/tracing.ts';
import { tracingConfig } from '../src/tracing-config.ts';

const micros = ([seconds, nanos]: [number, number]): number => seconds * 1e6 + nanos / 1000;

describe('the clock of spans', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('is the wall clock, in whole microseconds, and never goes backwards', () => {
    let last = micros(now(wallOffset()));
    for (let call = 0; call < 10_000; call += 1) {
      const before = Date.now();
      const next = micros(now(wallOffset()));
      expect(next).toBeGreaterThanOrEqual(last);
      expect(next).toBeGreaterThanOrEqual(before * 1000);
      expect(next).toBeLessThan((Date.now() + 2) * 1000);
      expect(Number.isInteger(next)).toBe(true);
      last = next;
    }
  });

  it('carries a second', () => {
    jest.spyOn(performance, 'now').mockReturnValue(0.9999);
    expect(now(999)).toEqual([1, 0]);
  });

  it.each([
    ['5 s forward', 5000],
    ['5 s back', -5000],
    ['50 ms forward', 50],
    ['50 ms back', -50],
    ['2 ms back', -2],
  ])('that is set %s changes no duration and no order, and new traces follow it', async (_, ms) => {
    const spans = new InMemorySpanExporter();
    const tracing = await Tracing.start('clock', tracingConfig({}), spans);
    const wall = Date.now.bind(Date);
    let step = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => wall() + step);
    const began = performance.now();
    await inSpan(tracing, 'root', {}, async (root) => {
      step = ms;
      root.addEvent('set');
      await inSpan(tracing, 'child', {}, () => undefined);
    });
    const lasted = performance.now() - began;
    await inSpan(tracing, 'next', {}, () => undefined);
    const [child, root, next] = spans.getFinishedSpans();
    const [start, event, end] = [root!.startTime, root!.events[0]!.time, root!.endTime].map(micros);
    expect(end! - start!).toBeLessThanOrEqual(lasted * 1000 + 1);
    const times = [start!, event!, micros(child!.startTime), micros(child!.endTime), end!];
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(Math.abs(micros(next!.startTime) - end! - ms * 1000)).toBeLessThan(
      (performance.now() - began + 2) * 1000,
    );
    expect(micros(next!.startTime)).toBeLessThan((Date.now() + 2) * 1000);
    await tracing.shutdown();
  });

  it('is that of the caller for a start that it gives: the end is not before it', async () => {
    const spans = new InMemorySpanExporter();
    const tracing = await Tracing.start('clock', tracingConfig({}), spans);
    const wall = Date.now.bind(Date);
    await inSpan(tracing, 'root', {}, () => {
      jest.spyOn(Date, 'now').mockImplementation(() => wall() + 5000);
      const from = trace.setSpan(context.active(), tracing.tracer.startSpan('parent'));
      const startTime = Date.now() - 1000;
      tracing.tracer.startSpan('late', { startTime }, from).end();
    });
    const late = spans.getFinishedSpans().find(({ name }) => name === 'late')!;
    expect(micros(late.duration)).toBeGreaterThanOrEqual(1e6 - 1000);
    expect(micros(late.duration)).toBeLessThan(5e6);
    await tracing.shutdown();
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
