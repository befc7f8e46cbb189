import { isCancelled, isHttp, method, text } from './facts.ts';
import type { Findings } from './finding.ts';
import type { Node, Trace } from './forest.ts';
import { isProbe } from './probes.ts';
import { UnreadableError } from './read-json.ts';

/** The series of one service. */
export interface ServiceMetrics {
  /** As it was given, else from `target_info`; undefined where only the port tells it. */
  readonly service: string | undefined;
  readonly port: number | undefined;
  readonly routes: ReadonlyMap<string, Red>;
}

/** Rate, errors and duration of one route. */
export interface Red {
  calls: number;
  errors: number;
  seconds: number;
}

/** `URL`, or `SERVICE=URL`. @throws UnreadableError */
export async function readMetrics(given: string): Promise<ServiceMetrics> {
  const [, named, url = given] = /^([\w.-]+)=(.+)$/s.exec(given) ?? [];
  if (!URL.canParse(url)) throw new UnreadableError(`${given} is no URL of metrics`);
  const { host, port } = new URL(url);
  let body: string;
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    body = await response.text();
  } catch (cause) {
    const why =
      cause instanceof Error
        ? (cause.cause instanceof Error ? cause.cause : cause).message
        : String(cause);
    throw new UnreadableError(`no metrics from ${host}: ${why}`, { cause });
  }
  const target = /^target_info\{[^\n]*service_name="([^"]+)"/m.exec(body)?.[1];
  return { service: named ?? target, port: Number(port) || undefined, routes: routesOf(body) };
}

const SERIES =
  /^http_server(?:_request)?_duration_(seconds|milliseconds)_(count|sum)\{([^\n]*)\} ([\d.eE+-]+)/gm;

/** Prometheus text, also that of OpenMetrics. */
export function routesOf(body: string): Map<string, Red> {
  const routes = new Map<string, Red>();
  for (const [, unit, what, labels = '', value] of body.matchAll(SERIES)) {
    const label = (name: string): string =>
      new RegExp(`(?:^|,)${name}="((?:[^"\\\\]|\\\\.)*)"`).exec(labels)?.[1] ?? '';
    const key = `${label('http_request_method') || label('http_method')} ${label('http_route')}`;
    const red = routes.get(key) ?? { calls: 0, errors: 0, seconds: 0 };
    routes.set(key, red);
    const error = label('error_type');
    if (what === 'sum') red.seconds += Number(value) / (unit === 'seconds' ? 1 : 1000);
    else {
      red.calls += Number(value);
      if (error !== '' && error !== 'cancelled') red.errors += Number(value);
    }
  }
  return routes;
}

/** Per request; both are measured in one process, but not at the same line. */
const SAME_MS = 20;

/** Whether spans and metrics of the same requests tell the same. Routes without any span are taken for not recorded. */
export function checkRed(
  traces: readonly Trace[],
  metrics: readonly ServiceMetrics[],
  found: Findings,
): void {
  const spans = new Map<string, Map<string, Red & { first: Node }>>();
  const ports = new Map<number, string>();
  for (const { nodes } of traces)
    for (const node of nodes) {
      const { span } = node;
      if (span.local?.port !== undefined) ports.set(span.local.port, span.service);
      if (span.kind !== 'SERVER' || !isHttp(span) || isProbe(span)) continue;
      add(spans, node);
    }
  for (const { service, port, routes } of metrics) {
    const name = service ?? ports.get(port ?? 0);
    if (name === undefined) {
      found.add(
        'T51',
        `the metrics at port ${port ?? '?'} are of no service with spans: give SERVICE=URL`,
      );
      continue;
    }
    for (const [route, { first, ...traced }] of spans.get(name) ?? [])
      compare(name, route, traced, routes.get(route), first, found);
  }
}

function add(spans: Map<string, Map<string, Red & { first: Node }>>, node: Node): void {
  const { span } = node;
  const routes = spans.get(span.service) ?? new Map<string, Red & { first: Node }>();
  spans.set(span.service, routes);
  const key = `${method(span) ?? ''} ${text(span, 'http.route') ?? ''}`;
  const red = routes.get(key) ?? { calls: 0, errors: 0, seconds: 0, first: node };
  routes.set(key, red);
  red.calls++;
  red.seconds += span.durationUs / 1e6;
  if (span.status === 'ERROR' && !isCancelled(span)) red.errors++;
}

function compare(
  service: string,
  route: string,
  spans: Red,
  metrics: Red | undefined,
  first: Node,
  found: Findings,
): void {
  const where = `${service} ${route.trim()}`;
  if (!metrics)
    found.add(
      'T51',
      `${where}: ${spans.calls} requests in spans, none in metrics`,
      first,
      spans.calls,
    );
  else if (metrics.calls !== spans.calls)
    found.add(
      'T51',
      `${where}: ${spans.calls} requests in spans, ${metrics.calls} in metrics`,
      first,
      spans.calls,
    );
  else if (metrics.errors !== spans.errors)
    found.add(
      'T51',
      `${where}: ${spans.errors} errors in spans, ${metrics.errors} in metrics`,
      first,
      spans.calls,
    );
  else {
    const [one, other] = [spans, metrics].map(({ seconds, calls }) => (seconds * 1000) / calls);
    const difference = Math.abs((one ?? 0) - (other ?? 0));
    if (difference > Math.max(SAME_MS, 0.2 * (one ?? 0)))
      found.add(
        'T51',
        `${where}: ${(one ?? 0).toFixed(1)} ms on average in spans, ${(other ?? 0).toFixed(1)} ms in metrics`,
        first,
        spans.calls,
      );
  }
}
