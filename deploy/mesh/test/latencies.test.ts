import { describe, expect, it } from '@jest/globals';
import { latenciesOf, p95Ms, since, together } from '../src/latencies.ts';

const metrics = (route: string, counts: readonly number[]) =>
  ['0.1', '0.5', '+Inf']
    .map(
      (le, index) =>
        `http_server_request_duration_seconds_bucket{http_request_method="GET",http_route="${route}",le="${le}"} ${counts[index] ?? 0}`,
    )
    .join('\n');

describe('the times of requests', () => {
  it('are those of all routes but the probes', () => {
    const text = [
      '# TYPE http_server_request_duration_seconds histogram',
      metrics('/orders', [90, 100, 100]),
      metrics('/orders/:id', [5, 10, 12]),
      metrics('/readyz', [1000, 1000, 1000]),
    ].join('\n');
    const expected = [
      [0.1, 95],
      [0.5, 110],
      [Infinity, 112],
    ];
    expect([...latenciesOf(text)]).toEqual(expected);
  });

  it('have a p95 between the bounds, as Prometheus computes it', () => {
    expect(p95Ms(latenciesOf(metrics('/orders', [90, 100, 100])))).toBeCloseTo(300);
    expect(p95Ms(latenciesOf(metrics('/orders', [100, 100, 100])))).toBeCloseTo(95);
    expect(p95Ms(latenciesOf(metrics('/orders', [0, 0, 100])))).toBe(500); // what is known of it
    expect(p95Ms(latenciesOf(''))).toBeUndefined();
  });

  it('count from 0 after a restart', () => {
    const now = latenciesOf(metrics('/orders', [5, 6, 6]));
    const earlier = latenciesOf(metrics('/orders', [3, 3, 4]));
    expect([...since(earlier, now).values()]).toEqual([2, 3, 2]);
    expect(since(latenciesOf(metrics('/orders', [7, 8, 9])), now)).toEqual(now);
    expect(since(undefined, now)).toEqual(now);
  });

  it('of several instances add up', () => {
    const one = latenciesOf(metrics('/orders', [1, 2, 3]));
    expect([...together([one, one]).values()]).toEqual([2, 4, 6]);
  });
});
