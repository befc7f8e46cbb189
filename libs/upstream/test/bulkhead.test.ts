import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { until } from '@sockshop/testing';
import { Telemetry } from '@sockshop/telemetry';
import { inSpan, tracingConfig } from '@sockshop/tracing';
import { setTimeout } from 'node:timers/promises';
import { Bulkhead, BulkheadFullError } from '../src/bulkhead.ts';

let telemetry: Telemetry;
let spans: InMemorySpanExporter;
beforeEach(async () => {
  spans = new InMemorySpanExporter();
  telemetry = await Telemetry.start('orders', tracingConfig({}), spans);
});
afterEach(() => telemetry.shutdown());

const bulkhead = (limit: number, waitMs = 60_000): Bulkhead =>
  new Bulkhead({ name: 'checkout', limit, waitMs, metrics: telemetry.metrics });

async function shown(name: string): Promise<string[]> {
  const lines = (await telemetry.metrics.registry.metrics()).split('\n');
  return lines.filter((line) => line.startsWith(name)).map((line) => line.slice(name.length));
}
const atWork = (running: number, waiting: number): string[] => [
  `{bulkhead="checkout",state="running"} ${running}`,
  `{bulkhead="checkout",state="waiting"} ${waiting}`,
];

describe('Bulkhead', () => {
  it('does a hundred pieces of work, three at a time, in the order of asking', async () => {
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

  it('refuses with 503 and retry-after what gets no place in time, without beginning it', async () => {
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

  it('lets nobody wait any more once it is closed', async () => {
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

  it('tells the span that waited, not the one that made place', async () => {
    const one = bulkhead(1);
    const order = (name: string): Promise<void> =>
      inSpan(telemetry, name, {}, () =>
        one.run(() => inSpan(telemetry, `pay ${name}`, {}, () => setTimeout(1))),
      );
    await Promise.all([order('first'), order('second')]);
    await until(() => spans.getFinishedSpans().length === 4);
    const byName = (name: string) => spans.getFinishedSpans().find((span) => span.name === name)!;
    expect(byName('first').events).toEqual([]);
    expect(byName('second').events).toMatchObject([
      { name: 'sockshop.bulkhead.entered', attributes: { 'sockshop.bulkhead': 'checkout' } },
    ]);
    const parent = byName('pay second').parentSpanContext?.spanId;
    expect(parent).toBe(byName('second').spanContext().spanId);
  });
});
