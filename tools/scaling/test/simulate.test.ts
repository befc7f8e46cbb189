import { describe, expect, it } from '@jest/globals';
import { type Scenario, simulate } from '../src/simulate.ts';

/** One process, on a machine with cores enough, that needs 10 ms a request. */
function aQueue(changes: Partial<Scenario> = {}): Scenario {
  return {
    cores: 64,
    stations: [{ name: 'one', threads: 1 }],
    flow: { steps: [{ station: 'one', cpuMs: 10 }], after: [] },
    ratePerSecond: 50,
    requests: 100_000,
    seed: 3,
    spread: 'exponential',
    ...changes,
  };
}
/** Relative; a run of 100,000 requests scatters by up to half of it at 70 % load. */
const NEAR = 0.04;
function expectNear(measured: number, known: number): void {
  expect(Math.abs(measured - known) / known).toBeLessThan(NEAR);
}
const loads = [0.5, 0.7];

describe('the simulation against known results of queueing theory', () => {
  it.each(loads)('M/M/1 at load %d: mean time is s / (1 - load), p95 3.0 times as much', (load) => {
    const { meanMs, p50Ms, p95Ms } = simulate(aQueue({ ratePerSecond: 100 * load }));
    const mean = 10 / (1 - load);
    expectNear(meanMs, mean);
    expectNear(p50Ms, mean * Math.log(2)); // the time in the system is exponential, too
    expectNear(p95Ms, mean * Math.log(20));
  });

  it.each(loads)('M/D/1 at load %d: mean wait is s · load / 2(1 - load)', (load) => {
    const { meanMs } = simulate(aQueue({ ratePerSecond: 100 * load, spread: 'fixed' }));
    expectNear(meanMs - 10, (10 * load) / (2 * (1 - load)));
  });

  it.each(loads)('M/M/2 at load %d: mean time is s / (1 - load²)', (load) => {
    const stations = [{ name: 'one', threads: 2 }];
    expectNear(
      simulate(aQueue({ ratePerSecond: 200 * load, stations })).meanMs,
      10 / (1 - load ** 2),
    );
  });

  it.each(['fixed', 'exponential'] as const)(
    'threads that share one core with %s work: mean time is s / (1 - load), whatever the spread',
    (spread) => {
      const stations = [{ name: 'one', threads: Infinity }];
      const shared = { cores: 1, stations, ratePerSecond: 70, spread };
      expectNear(simulate(aQueue(shared)).meanMs, 10 / 0.3);
    },
  );

  it('a line of queues: mean times add up (Jackson)', () => {
    const stations = ['one', 'two'].map((name) => ({ name, threads: 1 }));
    const steps = [{ station: 'one', cpuMs: 10 }, { waitMs: 7 }, { station: 'two', cpuMs: 5 }];
    const { meanMs } = simulate(
      aQueue({ ratePerSecond: 70, stations, flow: { steps, after: [] } }),
    );
    expectNear(meanMs, 10 / 0.3 + 7 + 5 / 0.65);
  });

  it('busy cores are rate times work (utilisation law)', () => {
    const after = [{ station: 'one', cpuMs: 4 }];
    const { steps } = aQueue().flow;
    expectNear(simulate(aQueue({ flow: { steps, after } })).busyCores, 0.05 * 14);
  });
});

describe('the simulation', () => {
  it('answers one request after the sum of its steps', () => {
    const flow = { steps: [{ station: 'one', cpuMs: 10 }, { waitMs: 3 }], after: [] };
    const outcome = simulate(
      aQueue({ flow, ratePerSecond: 0.001, requests: 100, spread: 'fixed' }),
    );
    expect(outcome.p50Ms).toBeCloseTo(13);
    expect(outcome.p99Ms).toBeCloseTo(13);
  });

  it('answers as fast as it can when more arrive', () => {
    const overload = aQueue({ ratePerSecond: 150, requests: 10_000, spread: 'fixed' });
    expect(simulate(overload).throughputPerSecond).toBeCloseTo(100);
    const twoCores = { stations: [{ name: 'one', threads: 8 }], cores: 2, ratePerSecond: 300 };
    expect(simulate({ ...overload, ...twoCores }).throughputPerSecond).toBeCloseTo(200, 0);
  });

  it('ends although hardly any is answered', () => {
    const overload = aQueue({ ratePerSecond: 1000, requests: 2000 });
    expect(simulate(overload).throughputPerSecond).toBeLessThan(110);
  });

  it('does work after the answer without delaying it, and delays the next one by it', () => {
    const after = [{ station: 'one', cpuMs: 40 }];
    const flow = { steps: aQueue().flow.steps, after };
    const rare = aQueue({ flow, ratePerSecond: 0.001, requests: 100, spread: 'fixed' });
    expect(simulate(rare).meanMs).toBeCloseTo(10);
    const often = simulate({ ...rare, ratePerSecond: 15, requests: 20_000 });
    expect(often.meanMs).toBeGreaterThan(20);
  });

  it('repeats itself with the same seed, and not with another', () => {
    const short = aQueue({ requests: 1000 });
    expect(simulate(short)).toEqual(simulate(short));
    expect(simulate({ ...short, seed: 4 })).not.toEqual(simulate(short));
  });
});
