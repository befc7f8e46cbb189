import { describe, expect, it } from '@jest/globals';
import { ceilingOf, demandOf, ordersPerSecondOn, READS_PER_ORDER } from '../src/capacity.ts';
import type { JourneyCosts, WayCosts } from '../src/costs.ts';
import { capacityOf, flowOf, predict, waitOf } from '../src/shop-model.ts';
import type { Step } from '../src/simulate.ts';

const traces = {
  ...{ spans: 60, calls: 14, storeCommands: 6, messages: 2, bytes: 30_000 },
  ...{ visits: { 'front-end': 3, orders: 2, 'queue-master': 1 }, late: ['queue-master'] },
};
const order: JourneyCosts = {
  cpuMs: { 'front-end': 8, orders: 6, mongodb: 12, 'queue-master': 2, zipkin: 3, launcher: 0 },
  traces,
  checks: [],
};
const catalogue: JourneyCosts = {
  cpuMs: { 'front-end': 1, catalogue: 0.5, zipkin: 0.1 },
  traces: { ...traces, spans: 4, storeCommands: 1, messages: 0, bytes: 3000, visits: {}, late: [] },
  checks: [],
};
const way: WayCosts = {
  catalogue,
  order,
  standIns: [],
  storedBytes: { mongodb: 4000, mariadb: -10 },
};

const work = (steps: readonly Step[]): Record<string, number> => {
  const ms: Record<string, number> = {};
  for (const step of steps)
    if ('station' in step) ms[step.station] = (ms[step.station] ?? 0) + step.cpuMs;
  return ms;
};
const rounded = (ms: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(ms).map(([name, each]) => [name, Number(each.toFixed(9))]));

describe('a request as steps', () => {
  it('does all the work that was measured, and late work after the response', () => {
    const { steps, after } = flowOf(order, 1, 5);
    expect(rounded(work(steps))).toEqual({ generator: 1, 'front-end': 8, orders: 6, mongodb: 12 });
    expect(work(after)).toEqual({ 'queue-master': 2, zipkin: 3 });
    expect(steps.filter((step) => 'waitMs' in step)).toEqual([{ waitMs: 5 }]);
  });

  it('visits each process as often as its trace says, and the entry before, between and after', () => {
    const names = flowOf(order, 1, 0).steps.flatMap((step) =>
      'station' in step ? [step.station] : [],
    );
    const times = (name: string): number => names.filter((each) => each === name).length;
    expect([times('orders'), times('mongodb'), times('front-end')]).toEqual([2, 6, 9]);
    expect([names.at(0), names.at(1), names.at(-1)]).toEqual([
      'generator',
      'front-end',
      'generator',
    ]);
  });

  it('passes the router once, and once more for each call between services', () => {
    const routed = { ...order, cpuMs: { ...order.cpuMs, 'edge-router': 4 } };
    const { steps } = flowOf(routed, 1, 0);
    const passages = steps.filter((step) => 'station' in step && step.station === 'edge-router');
    expect(passages.length).toBe(order.traces.calls + 1);
  });

  it('is cut into as many steps in one process as it calls and asks stores', () => {
    const embedded = { ...order, cpuMs: { shop: 42 } };
    const { steps, after } = flowOf(embedded, 0, 0);
    expect(rounded(work(steps))).toEqual({ generator: 0, shop: 42 });
    expect(steps.filter((step) => 'station' in step && step.station === 'shop')).toHaveLength(21);
    expect(after).toEqual([]);
  });
});

describe('the capacity', () => {
  it('is that of the cores, or of the one process that is full first', () => {
    expect(capacityOf(order, 1, 2)).toBeCloseTo(1000 / 16); // 32 ms on two cores
    expect(capacityOf(order, 1, 64)).toBeCloseTo(1000 / 8); // front-end; mongodb has many threads
  });

  it('is what the simulation can carry: just below it all are answered, just above it waits grow', () => {
    const at = (share: number) =>
      predict(order, { ratePerSecond: (share * 1000) / 16, generatorCpuMs: 1 }, 0, 2);
    expect(at(0.9).throughputPerSecond / (900 / 16)).toBeGreaterThan(0.98);
    expect(at(0.9).busyCores).toBeCloseTo(1.8, 1);
    expect(at(1.1).meanMs).toBeGreaterThan(20 * at(0.9).meanMs);
  });

  it('asks for cores, commands, messages, spans and bytes in proportion to the orders', () => {
    const one = demandOf(way, 1);
    expect(one.cores['front-end']).toBeCloseTo((8 + READS_PER_ORDER) / 1000 / 0.7);
    expect(one.storeCommandsPerSecond).toBe(6 + READS_PER_ORDER);
    expect(one.messagesPerSecond).toBe(2);
    expect(one.spansPerSecond).toBe(60 + 4 * READS_PER_ORDER);
    expect(one.storedBytesPerDay).toBe(4000 * 86_400); // a file that shrank stores nothing
    expect(demandOf(way, 10).cores['mongodb']).toBeCloseTo(10 * (one.cores['mongodb'] ?? 0));
  });

  it('of some cores is the rate that needs them', () => {
    const rate = ordersPerSecondOn(way, 4);
    const cores = Object.values(demandOf(way, rate).cores).reduce((sum, each) => sum + each, 0);
    expect(cores).toBeCloseTo(4);
    expect(ceilingOf(way, 'front-end')).toBeCloseTo(1000 / (8 + READS_PER_ORDER));
  });
});

describe('the wait of a journey', () => {
  const checked = (meanMs: number): JourneyCosts => ({
    ...order,
    checks: [
      {
        ...{ ratePerSecond: 0.5, throughputPerSecond: 0.5, generatorCpuMs: 1, failures: 0 },
        ...{ meanMs, p50Ms: meanMs, p95Ms: meanMs },
      },
    ],
  });

  it('is what the lowest rate has beyond its work, and never less than nothing', () => {
    expect(waitOf(checked(47), 2)).toBeGreaterThan(19);
    expect(waitOf(checked(47), 2)).toBeLessThan(20.5);
    expect(waitOf(checked(1), 2)).toBe(0);
  });
});
