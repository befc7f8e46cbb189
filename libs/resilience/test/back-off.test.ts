import { describe, expect, it } from '@jest/globals';
import { BackOff } from '../src/back-off.ts';

const BOUNDS = [250, 500, 1000, 2000, 4000, 5000, 5000];

describe('BackOff', () => {
  it.each([
    ['at most the bound', 1, 1],
    ['at least half of it', 0, 0.5],
  ])('doubles up to the longest wait: %s', (_title, random, share) => {
    const backOff = new BackOff({ firstMs: 250, longestMs: 5000 }, () => random);
    expect(BOUNDS.map(() => backOff.nextMs())).toEqual(BOUNDS.map((boundMs) => boundMs * share));
  });

  it('is random by default', () => {
    const backOff = new BackOff({ firstMs: 1000, longestMs: 1000 });
    const waits = Array.from({ length: 100 }, () => backOff.nextMs());
    expect(new Set(waits).size).toBeGreaterThan(50);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(500);
    expect(Math.max(...waits)).toBeLessThanOrEqual(1000);
  });

  it('starts with the first wait again after a reset or a steady attempt', () => {
    const backOff = new BackOff({ firstMs: 100, longestMs: 800, steadyMs: 3000 }, () => 1);
    expect([backOff.nextMs(), backOff.nextMs(3000), backOff.nextMs(3001)]).toEqual([100, 200, 100]);
    backOff.reset();
    expect(backOff.nextMs()).toBe(100);
  });
});
