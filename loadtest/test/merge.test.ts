import { describe, expect, it } from '@jest/globals';
import { documentOf } from '../src/document.ts';
import { merged } from '../src/merge.ts';
import { type Summary, summaryOf } from '../src/summary.ts';
import { aDocument } from './documents.ts';

const upTo = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ ms: from + index }));

function sum(...[first, ...more]: Parameters<typeof merged>[0]): Summary & { seeds: number[] } {
  const { tally, elapsedMs, generators } = merged([first, ...more]);
  return { ...summaryOf(tally, elapsedMs), seeds: generators.map(({ seed }) => seed) };
}

describe('results of several generators', () => {
  it('add up as if one had recorded all: counts, and percentiles of all latencies', () => {
    const low = aDocument(upTo(1, 500), { seed: 1 });
    const high = aDocument([...upTo(501, 1000), { status: '503', outcome: 'error', ms: 1 }], {
      seed: 2,
    });
    const { requests, errors, arrivals, journeys, seeds, routes } = sum(low, high);
    const one = aDocument([...upTo(1, 1000), { status: '503', outcome: 'error', ms: 1 }]);
    expect(requests.count).toBe(1001);
    for (const key of ['p50Ms', 'p95Ms', 'p99Ms'] as const)
      expect(Math.abs(requests[key] / one.requests[key] - 1)).toBeLessThan(0.01);
    expect({ errors, arrivals }).toEqual({ errors: 1, arrivals: { ...arrivals, count: 2 } });
    expect(routes.map(({ status, count }) => [status, count])).toEqual([
      ['200', 1000],
      ['503', 1],
    ]);
    expect(journeys).toMatchObject([{ name: 'buy', done: 2, steps: [{ count: 1001 }] }]);
    expect(seeds).toEqual([1, 2]);
  });

  it('stand at their time: from the first beginning to the last end, shoppers at once added', () => {
    const first = aDocument(upTo(1, 5));
    const later = aDocument(upTo(1, 3), { startedAt: '2026-01-01T00:00:10.000Z' });
    const same = aDocument(upTo(1, 2));
    const { tally, elapsedMs, generators } = merged([later, first, same]);
    expect(elapsedMs).toBe(12_000);
    const { timeline } = documentOf(generators, tally, summaryOf(tally, elapsedMs), []);
    const busy = timeline.points.flatMap(({ requests, shoppers, arrivals }, second) =>
      requests > 0 ? [{ second, requests, shoppers, arrivals }] : [],
    );
    expect(busy).toEqual([
      { second: 0, requests: 7, shoppers: 2, arrivals: 2 },
      { second: 10, requests: 3, shoppers: 1, arrivals: 1 },
    ]);
  });

  it('have stretches as long as the longest of theirs', () => {
    const short = aDocument(upTo(1, 5));
    const long = aDocument(upTo(1, 3));
    long.timeline.intervalMs = 4000;
    const { tally } = merged([short, long]);
    expect(tally.timeline.intervalMs).toBe(4000);
  });
});
