import { describe, expect, it } from '@jest/globals';
import { latencyOf } from '../src/load.ts';

describe('latencies', () => {
  it.each([
    [[], { p50: 0, p95: 0, p99: 0, max: 0 }],
    [[7], { p50: 7, p95: 7, p99: 7, max: 7 }],
    [[3, 1, 2], { p50: 2, p95: 3, p99: 3, max: 3 }],
    [Array.from({ length: 100 }, (_, i) => 100 - i), { p50: 50, p95: 95, p99: 99, max: 100 }],
    [[...Array<number>(99).fill(1), 500], { p50: 1, p95: 1, p99: 1, max: 500 }],
  ])('%j: the value that the share does not exceed', (values, latency) => {
    expect(latencyOf(Float64Array.from(values))).toEqual(latency);
  });
});
