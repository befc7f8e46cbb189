import { describe, expect, it } from '@jest/globals';
import { Random } from '@sockshop/loadtest';
import { growthOf, type Reading } from '../src/growth.ts';
import { theilSen } from '../src/theil-sen.ts';

const random = new Random(1);
const noise = (size: number): number => random.between(-size, size);

/** 240 looks, one every five seconds. */
function readings(value: (nth: number) => number): Reading[] {
  return Array.from({ length: 240 }, (_, nth) => ({ atMs: nth * 5000, value: value(nth) }));
}
/** MiB that a heap collects before it is freed, in every ninth look. */
const saw = (nth: number): number => 3 * (nth % 9);
const perHour = 3600 / 5;

describe('the slope of points', () => {
  it('is exact for a line', () => {
    const points = Array.from({ length: 20 }, (_, x) => ({ x, y: 5 - 3 * x }));
    expect(theilSen(points)).toEqual({ slope: -3, least: -3, most: -3 });
  });

  it('is not moved by a quarter of wild points', () => {
    const points = Array.from({ length: 40 }, (_, x) => ({ x, y: x % 4 === 0 ? 1e6 : 2 * x }));
    expect(theilSen(points)?.slope).toBeCloseTo(2, 0);
  });

  it('has an interval that holds the true one, also with noise', () => {
    const points = Array.from({ length: 30 }, (_, x) => ({ x, y: 2 * x + noise(10) }));
    const { slope, least, most } = theilSen(points)!;
    expect([least < 2, most > 2, least < slope, slope < most]).toEqual([true, true, true, true]);
    expect(most - least).toBeLessThan(2);
  });

  it('is not told from fewer than ten', () => {
    expect(theilSen(Array.from({ length: 9 }, (_, x) => ({ x, y: x })))).toBeUndefined();
  });
});

describe('the growth of a process', () => {
  it('is none for the saw of a heap that is collected', () => {
    const { least, most } = growthOf(readings((nth) => 40 + saw(nth) + noise(0.5)))!;
    expect([least <= 0, most >= 0]).toEqual([true, true]);
    expect(most).toBeLessThan(8);
  });

  it('is that of what the saw stands on', () => {
    const leak = 0.05; // MiB a look
    const growth = growthOf(readings((nth) => 40 + saw(nth) + leak * nth + noise(0.5)))!;
    expect(growth.slope).toBeGreaterThan(0.9 * leak * perHour);
    expect(growth.slope).toBeLessThan(1.1 * leak * perHour);
    expect(growth.least).toBeGreaterThan(0);
  });

  it('is none after one step, such as a cache that was filled', () => {
    const { least } = growthOf(readings((nth) => 40 + (nth > 50 ? 12 : 0) + noise(0.5)))!;
    expect(least).toBeLessThan(1);
  });

  it('is not told from a few looks', () => {
    expect(growthOf(readings(() => 40).slice(0, 29))).toBeUndefined();
  });
});
