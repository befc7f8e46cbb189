import type { Histogram } from './histogram.ts';
import type { Tally } from './tally.ts';

/** What people and programs read of the counts. @param elapsedMs the time the rates are taken over */
export function summaryOf(tally: Tally, elapsedMs: number) {
  const seconds = Math.max(elapsedMs, 1) / 1000;
  const figures = (latency: Histogram) => ({
    count: latency.count,
    perSecond: round(latency.count / seconds),
    ...percentiles(latency),
  });
  const routes = [...tally.lines.values()].map(({ latency, ...line }) => ({
    ...line,
    ...figures(latency),
  }));
  routes.sort((a, b) => byText(a.route, b.route) || byText(a.status, b.status));
  const journeys = [...tally.journeys].map(([name, { done, failed, latency, steps }]) => ({
    name,
    done,
    failed,
    ...figures(latency),
    steps: [...steps]
      .map(([route, step]) => ({ route, ...figures(step) }))
      .sort((a, b) => byText(a.route, b.route)),
  }));
  journeys.sort((a, b) => byText(a.name, b.name));
  const { counts, slowest, orders, unanswered, now } = tally;
  return {
    elapsedSeconds: round(seconds),
    requests: figures(tally.all),
    ordersPlaced: counts.placed,
    ordersDeclined: counts.declined,
    ordersWithoutCart: counts.withoutCart,
    checkoutsUnanswered: counts.unanswered,
    errors: counts.errors,
    /** Of the open model; 0 in the closed one. */
    arrivals: { count: counts.arrivals, late: counts.late, dropped: counts.dropped },
    now: { ...now },
    routes,
    journeys,
    /** Of the answers that name their trace; null where none does. */
    slowest: slowest ? { ...slowest, ms: round(slowest.ms) } : null,
    orders: [...orders],
    unanswered: [...unanswered],
  };
}

export type Summary = ReturnType<typeof summaryOf>;

export function percentiles(latency: Histogram) {
  return {
    p50Ms: round(latency.percentile(0.5)),
    p95Ms: round(latency.percentile(0.95)),
    p99Ms: round(latency.percentile(0.99)),
    maxMs: round(latency.maxMs),
  };
}

export type Percentiles = ReturnType<typeof percentiles>;

/**
 * Share of what was to be done that failed: requests, and arrivals that were dropped, which no request stands for.
 */
export function errorRate({ errors, requests, arrivals }: Summary): number {
  const failed = errors + arrivals.dropped;
  return failed === 0 ? 0 : failed / (requests.count + arrivals.dropped);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
