import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { Metrics } from '@sockshop/metrics';
import { until } from '@sockshop/testing';
import { inSpan, Tracing, tracingConfig } from '@sockshop/tracing';
import { setTimeout } from 'node:timers/promises';
import { Bulkhead, BulkheadFullError } from '../src/bulkhead.ts';

let tracing: Tracing;
let metrics: Metrics;
let spans: InMemorySpanExporter;
beforeEach(async () => {
  spans = new InMemorySpanExporter();
  tracing = await Tracing.start('orders', tracingConfig({}), spans);
  metrics = new Metrics('orders');
});
afterEach(() => tracing.shutdown());

const bulkhead = (limit: number, waitMs = 60_000): Bulkhead =>
  new Bulkhead({ name: 'checkout', limit, waitMs, metrics });

async function shown(name: string): Promise<string[]> {
  const lines = (await metrics.registry.metrics()).split('\n');
  return lines.filter((line) => line.startsWith(name)).map((line) => line.slice(name.length));
}
const atWork = (running: number, waiting: number): string[] => [
  `{bulkhead="checkout",state="running"} ${running}`,
  `{bulkhead="checkout",state="waiting"} ${waiting}`,
];

describe('Bulkhead', () => {
  it('runs a hundred pieces of work, three at a time, in the order of arrival', async () => {
    const three = bulkhead(3);
    let running = 0;
    let most = 0;
    const begun: number[] = [];
    const work = (piece: number) => async () => {
      begun.push(piece);
      most = Math.max(most, (running += 1));
      await setTimeout(1);
      running -= 1;
      return piece;
    };
    const pieces = Array.from({ length: 100 }, (_, piece) => piece);
    expect(await Promise.all(pieces.map((piece) => three.run(work(piece))))).toEqual(pieces);
    expect([begun, most]).toEqual([pieces, 3]);
    expect(await shown('sockshop_bulkhead_work')).toEqual(atWork(0, 0));
    expect(await shown('sockshop_bulkhead_refused_total')).toEqual(['{bulkhead="checkout"} 0']);
  });

  it('refuses what still waits when its signal aborts, and does not start it', async () => {
    const one = bulkhead(1);
    const end = Promise.withResolvers<string>();
    const first = one.run(() => end.promise);
    const caller = new AbortController();
    let began = 0;
    const work = () => Promise.resolve((began += 1));
    const second = one.run(work, caller.signal);
    const third = one.run(work);
    caller.abort();
    await expect(second).rejects.toThrow(BulkheadFullError);
    await expect(one.run(work, caller.signal)).rejects.toThrow(BulkheadFullError);
    end.resolve('done');
    expect(await Promise.all([first, third])).toEqual(['done', 1]);
  });

  it('refuses with 503 and retry-after what gets no place in time, and does not start it', async () => {
    const one = bulkhead(1, 20);
    const end = Promise.withResolvers<string>();
    const first = one.run(() => end.promise);
    let began = false;
    const second = one.run(() => {
      began = true;
      return Promise.resolve();
    });
    expect(await shown('sockshop_bulkhead_work')).toEqual(atWork(1, 1));
    const error = await second.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BulkheadFullError);
    expect(error).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
    expect(await shown('sockshop_bulkhead_work')).toEqual(atWork(1, 0));
    expect(await shown('sockshop_bulkhead_refused_total')).toEqual(['{bulkhead="checkout"} 1']);
    end.resolve('done');
    expect(await first).toBe('done');
    expect(await one.run(() => Promise.resolve('next'))).toBe('next');
    expect(began).toBe(false);
    expect(await shown('sockshop_bulkhead_work')).toEqual(atWork(0, 0));
  });

  it('gives the place of work that failed to the next', async () => {
    const one = bulkhead(1);
    const failed = one.run(() => Promise.reject(new Error('no')));
    const next = one.run(() => Promise.resolve('yes'));
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });

  it('refuses at once what comes when the line is full', async () => {
    const one = new Bulkhead({ name: 'checkout', limit: 1, waitLimit: 1, metrics });
    const end = Promise.withResolvers<string>();
    const running = one.run(() => end.promise);
    const inLine = one.run(() => Promise.resolve('second'));
    const refused = one.run(() => Promise.resolve('third'));
    await expect(refused).rejects.toBeInstanceOf(BulkheadFullError);
    expect(await shown('sockshop_bulkhead_refused_total')).toEqual(['{bulkhead="checkout"} 1']);
    end.resolve('first');
    expect(await Promise.all([running, inLine])).toEqual(['first', 'second']);
    expect(await shown('sockshop_bulkhead_work')).toEqual(atWork(0, 0));
  });

  it('lets no work wait once it is closed', async () => {
    const one = bulkhead(1);
    const end = Promise.withResolvers<string>();
    const running = one.run(() => end.promise);
    const inLine = one.run(() => Promise.resolve('too late'));
    one.close();
    await expect(inLine).rejects.toBeInstanceOf(BulkheadFullError);
    await expect(one.run(() => Promise.resolve('later still'))).rejects.toMatchObject({
      status: 503,
    });
    end.resolve('done');
    expect(await running).toBe('done');
    expect(await one.run(() => Promise.resolve('no wait'))).toBe('no wait');
    expect(await shown('sockshop_bulkhead_work')).toEqual(atWork(0, 0));
  });

  it('adds an event to the span that waited, not to the one that left its place', async () => {
    const one = bulkhead(1);
    const order = (name: string): Promise<void> =>
      inSpan(tracing, name, {}, () =>
        one.run(() => inSpan(tracing, `pay ${name}`, {}, () => setTimeout(1))),
      );
    await Promise.all([order('first'), order('second')]);
    await until(() => spans.getFinishedSpans().length === 4);
    const byName = (name: string) => spans.getFinishedSpans().find((span) => span.name === name)!;
    expect(byName('first').events).toEqual([]);
    expect(byName('second').events).toMatchObject([
      {
        name: 'sockshop.bulkhead.entered',
        attributes: { 'sockshop.bulkhead': 'checkout', 'wait.duration': expect.any(Number) },
      },
    ]);
    const parent = byName('pay second').parentSpanContext?.spanId;
    expect(parent).toBe(byName('second').spanContext().spanId);
  });
});
