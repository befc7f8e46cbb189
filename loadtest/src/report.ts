import { aligned } from '@sockshop/cli';
import type { Summary } from './summary.ts';
import type { Threshold } from './thresholds.ts';

/** Route by status, and all together. */
export function routeTable({ routes, requests }: Summary): string[] {
  const head = ['route', 'status', '', 'count', 'per s', 'p50 ms', 'p95 ms', 'p99 ms'];
  const cells = (figures: Summary['requests']) => [
    String(figures.count),
    figures.perSecond.toFixed(1),
    figures.p50Ms.toFixed(1),
    figures.p95Ms.toFixed(1),
    figures.p99Ms.toFixed(1),
  ];
  const lines = routes.map((line) => [
    line.route,
    line.status,
    line.outcome === 'ok' ? '' : line.outcome,
    ...cells(line),
  ]);
  return aligned([head, ...lines, ['all', '', '', ...cells(requests)]], 3).split('\n');
}

/** Visits by journey: how long a shopper waited for the shop in one. */
export function journeyTable({ journeys }: Summary): string[] {
  const head = ['journey', 'visits', 'failed', 'p50 ms', 'p95 ms', 'p99 ms'];
  const lines = journeys.map(({ name, count, failed, p50Ms, p95Ms, p99Ms }) => [
    name,
    ...[count, failed].map(String),
    ...[p50Ms, p95Ms, p99Ms].map((ms) => ms.toFixed(1)),
  ]);
  return lines.length === 0 ? [] : aligned([head, ...lines]).split('\n');
}

/** One line of progress; the rate is of requests since the last line. */
export function progressLine(summary: Summary, perSecond: number): string {
  const { elapsedSeconds, requests } = summary;
  const time = `${elapsedSeconds.toFixed(0)} s`.padStart(7);
  const { backingOff, cause } = summary.now;
  const who = backingOff === 1 ? '1 shopper waits' : `${backingOff} shoppers wait`;
  const pause = backingOff > 0 ? `; ${who} after ${cause}` : '';
  const counts = `${requests.count} requests (${perSecond.toFixed(1)}/s)`;
  const { now, arrivals } = summary;
  const there = arrivals.count > 0 ? `; ${now.shoppers} in the shop` : '';
  return `${time}  ${counts}, ${outcomes(summary)}${there}${pause}`;
}

/** The last error of each kind and the slowest response, with their traces. */
export function traceLines(
  { routes, slowest }: Summary,
  traceUrl: (traceId: string) => string,
): string[] {
  const traced = (text: string, traceId: string) =>
    traceId === '' ? [`  ${text}`] : [`  ${text}`, `    ${traceUrl(traceId)}`];
  const failures = routes
    .filter(({ outcome, detail }) => outcome === 'error' && detail !== '')
    .flatMap(({ route, status, detail, traceId }) =>
      traced(`${route} ${status}: ${detail}`, traceId),
    );
  const slow = slowest
    ? traced(`${slowest.route} ${slowest.status} in ${slowest.ms.toFixed(1)} ms`, slowest.traceId)
    : [];
  return [
    ...(failures.length > 0 ? ['last error of each kind', ...failures] : []),
    ...(failures.length > 0 && slow.length > 0 ? [''] : []),
    ...(slow.length > 0 ? ['slowest response', ...slow] : []),
  ];
}

/** The summary for people. `traceUrl`: where a trace is shown. */
export function report(
  summary: Summary,
  thresholds: readonly Threshold[],
  traceUrl: (traceId: string) => string,
): string {
  const { elapsedSeconds, requests } = summary;
  const traces = traceLines(summary, traceUrl);
  const journeys = journeyTable(summary);
  const rate = requests.perSecond.toFixed(1);
  return [
    ...routeTable(summary),
    '',
    ...journeys,
    ...(journeys.length > 0 ? [''] : []),
    ...traces,
    ...(traces.length > 0 ? [''] : []),
    ...thresholds.map(
      ({ name, limit, found, held }) =>
        `${held ? 'held' : 'BROKEN'}: ${name} ${found}, at most ${limit}`,
    ),
    ...(thresholds.length > 0 ? [''] : []),
    `${requests.count} requests in ${elapsedSeconds.toFixed(1)} s (${rate}/s), ${outcomes(summary)}`,
    '',
  ].join('\n');
}

function outcomes(summary: Summary): string {
  const { ordersPlaced, ordersDeclined, ordersWithoutCart, checkoutsUnanswered } = summary;
  const { arrivals, errors } = summary;
  return [
    `${ordersPlaced} orders`,
    `${ordersDeclined} declined`,
    ...(ordersWithoutCart > 0 ? [`${ordersWithoutCart} without a cart`] : []),
    ...(checkoutsUnanswered > 0 ? [`${checkoutsUnanswered} unanswered`] : []),
    ...(arrivals.late > 0 ? [`${arrivals.late} late arrivals`] : []),
    ...(arrivals.dropped > 0 ? [`${arrivals.dropped} dropped arrivals`] : []),
    `${errors} errors`,
  ].join(', ');
}
