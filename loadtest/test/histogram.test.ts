import { describe, expect, it } from '@jest/globals';
import { Histogram } from '../src/histogram.ts';

describe('Histogram', () => {
  it('computes percentiles of an even spread to 1 %, never below the true one', () => {
    const histogram = new Histogram();
    for (let ms = 1; ms <= 1000; ms += 1) histogram.record(ms);
    for (const [share, ms] of [
      [0.5, 500],
      [0.95, 950],
      [0.99, 990],
      [1, 1000],
    ] as const) {
      expect(histogram.percentile(share)).toBeGreaterThanOrEqual(ms);
      expect(histogram.percentile(share)).toBeLessThanOrEqual(ms * 1.01);
    }
    expect(histogram.count).toBe(1000);
    expect(histogram.maxMs).toBe(1000);
  });

  it.each([0, 0.01, 0.1, 3.7, 250, 119_000, 400_000])('returns a single latency of %d ms', (ms) => {
    const histogram = new Histogram();
    histogram.record(ms);
    expect(histogram.percentile(0.5)).toBeGreaterThanOrEqual(ms * 0.99);
    expect(histogram.percentile(0.99)).toBeLessThanOrEqual(ms);
  });

  it('is the same after it was written and read, and adds up', () => {
    const one = new Histogram();
    const other = new Histogram();
    for (let ms = 1; ms <= 500; ms += 1) one.record(ms);
    for (let ms = 501; ms <= 1000; ms += 1) other.record(ms);
    const sum = Histogram.decoded(one.encoded());
    sum.add(Histogram.decoded(other.encoded()));
    expect(sum.count).toBe(1000);
    expect(Math.abs(sum.percentile(0.5) - 500)).toBeLessThanOrEqual(5);
    expect(Math.abs(sum.percentile(0.95) - 950)).toBeLessThanOrEqual(9.5);
    expect(sum.maxMs).toBeGreaterThanOrEqual(1000);
    expect(sum.maxMs).toBeLessThanOrEqual(1010);
  });

  it('is all zero when nothing was recorded', () => {
    const histogram = new Histogram();
    expect([histogram.count, histogram.percentile(0.5), histogram.maxMs]).toEqual([0, 0, 0]);
  });
});
