import { describe, expect, it } from '@jest/globals';
import { arrivals, type Phases, steady, type Stretch } from '../src/arrivals.ts';
import { Random } from '../src/random.ts';

const once = (...stretches: Stretch[]): Phases => ({ stretches, repeat: false });

function first(count: number, phases: Phases, seed = 1): number[] {
  const times: number[] = [];
  for (const ms of arrivals(phases, new Random(seed))) {
    times.push(ms);
    if (times.length === count) break;
  }
  return times;
}

const among = (times: number[], from: number, to: number) =>
  times.filter((ms) => ms >= from && ms < to).length;

describe('arrivals', () => {
  it.each([0.5, 20, 1000])('come at the rate of %d/s in the mean', (rate) => {
    const times = first(20_000, steady(rate));
    const found = times.length / (times.at(-1)! / 1000);
    expect(Math.abs(found / rate - 1)).toBeLessThan(0.03);
  });

  it('are independent: as many gaps are short as a Poisson process has', () => {
    const times = first(20_000, steady(10));
    const gaps = times.map((ms, index) => ms - (times[index - 1] ?? 0));
    // Of an exponential distribution with a mean of 100 ms.
    for (const ms of [10, 100, 300]) {
      const share = gaps.filter((gap) => gap < ms).length / gaps.length;
      expect(Math.abs(share - (1 - Math.exp(-ms / 100)))).toBeLessThan(0.01);
    }
  });

  it('are the same under the same seed, and others under another one', () => {
    expect(first(100, steady(5), 7)).toEqual(first(100, steady(5), 7));
    expect(first(100, steady(5), 7)).not.toEqual(first(100, steady(5), 8));
  });

  it('follow a ramp: a quarter of them come in its first half', () => {
    const times = first(1e6, once({ ms: 100_000, from: 0, to: 200 }));
    expect(Math.abs(times.length / 10_000 - 1)).toBeLessThan(0.05);
    expect(Math.abs(among(times, 0, 50_000) / times.length - 0.25)).toBeLessThan(0.02);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeLessThanOrEqual(100_000);
  });

  it('follow steps, and none come while the rate is 0', () => {
    const step = (rate: number) => ({ ms: 10_000, from: rate, to: rate });
    const times = first(1e6, once(step(10), step(0), step(50)));
    expect(among(times, 10_000, 20_000)).toBe(0);
    expect(Math.abs(among(times, 0, 10_000) - 100)).toBeLessThan(40);
    expect(Math.abs(among(times, 20_000, 30_000) - 500)).toBeLessThan(90);
  });

  it('begin anew after the last phase where they repeat', () => {
    const phases = { stretches: [{ ms: 1000, from: 0, to: 100 }], repeat: true };
    const times = first(500, phases);
    expect(times.at(-1)).toBeGreaterThan(5_000);
    expect(among(times, 3000, 3200)).toBeLessThan(among(times, 3800, 4000));
  });
});
