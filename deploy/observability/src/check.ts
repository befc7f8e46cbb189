import { basename } from 'node:path';
import type { Counted } from './load.ts';
import type { PrometheusApi } from './prometheus-api.ts';
import { metricNames, type PanelQuery } from './queries.ts';
import { SHOPPING } from './dashboards/panel.ts';

/** Seconds since 1970. */
interface Period {
  readonly start: number;
  readonly end: number;
}

/** Two figures may differ by a tenth: Prometheus sees the shop every five seconds, and the load test leaves out what it cut off. */
const TOLERANCE = 0.1;

/** The queries that returned nothing, or failed. */
export async function emptyQueries(
  prometheus: PrometheusApi,
  queries: readonly PanelQuery[],
  { end }: Period,
): Promise<string[]> {
  const empty: string[] = [];
  for (const { dashboard, panel, expr } of queries) {
    const found = await prometheus.query(expr, end).then(
      (values) => (values.length === 0 ? 'no series' : undefined),
      (error: unknown) => String(error),
    );
    if (found !== undefined) empty.push(`${dashboard} / ${panel}: ${found}: ${expr}`);
  }
  return empty;
}

/** Rules that failed, or that read a metric which does not exist: such an alert could never come. */
export async function unreadRules(
  prometheus: PrometheusApi,
  { end }: Period,
): Promise<{ readonly checked: number; readonly wrong: string[] }> {
  const rules = (await prometheus.rules()).filter(
    ({ file }) => basename(file) !== 'kubernetes.yaml', // its series come from cAdvisor
  );
  const wrong: string[] = [];
  for (const { name, query, health, lastError } of rules) {
    if (health !== 'ok') wrong.push(`${name}: ${health} ${lastError ?? ''}`);
    for (const metric of metricNames(query))
      if ((await prometheus.query(metric, end)).length === 0)
        wrong.push(`${name}: there is no ${metric}`);
  }
  return { checked: rules.length, wrong };
}

interface Compared {
  readonly what: string;
  readonly counted: number;
  readonly shown: number;
  readonly agrees: boolean;
}

/** What the load test counted beside how much the series of the dashboards grew meanwhile. */
export async function compared(
  prometheus: PrometheusApi,
  { seconds, requests, refused, orders }: Counted,
  { start, end }: Period,
): Promise<Compared[]> {
  const answers = (status = ''): string =>
    `http_server_request_duration_seconds_count{name="front-end",${SHOPPING}${status}}`;
  const rows = [
    ['requests a second', requests, answers()],
    ['4xx and 5xx a second', refused, answers(',http_response_status_code=~"[45].."')],
    ['orders a second', orders, 'sockshop_order_transitions_total{status="PAID"}'],
  ] as const;
  return Promise.all(
    rows.map(async ([what, count, series]) => {
      // Not `rate`, which misses what a series had when it appeared.
      const grew = (await prometheus.sum(series, end)) - (await prometheus.sum(series, start));
      const [counted, shown] = [count / seconds, grew / seconds];
      return { what, counted, shown, agrees: Math.abs(shown - counted) <= TOLERANCE * counted };
    }),
  );
}

/** How many of the panels that show exemplars have some, and one trace id of them. */
export async function exemplars(
  prometheus: PrometheusApi,
  queries: readonly PanelQuery[],
  { start, end }: Period,
): Promise<{
  readonly shown: number;
  readonly wanted: number;
  readonly traceId: string | undefined;
}> {
  const wanted = queries.filter((query) => query.exemplars);
  const found = await Promise.all(wanted.map(({ expr }) => prometheus.exemplars(expr, start, end)));
  const some = found.filter((ids) => ids.length > 0);
  return { shown: some.length, wanted: wanted.length, traceId: some.flat().at(-1) };
}
