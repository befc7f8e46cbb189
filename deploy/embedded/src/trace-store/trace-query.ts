import { BadRequestError, longOf, textOf, type Parameters } from './parameters.ts';
import type { Span } from './span.ts';

/** The query of `GET /api/v2/traces`. Durations are in microseconds, `endTs` and `lookback` in milliseconds, as in Zipkin. */
export interface TraceQuery {
  serviceName?: string;
  endTs: number;
  lookback: number;
  /** Traces. */
  limit: number;
  /** Some span of the service must meet each condition. */
  conditions: ((span: Span) => boolean)[];
}

export const DAY_MS = 86_400_000;

/** @throws BadRequestError in Zipkin's words */
export function parseTraceQuery(parameters: Parameters, now: number): TraceQuery {
  const serviceName = textOf(parameters, 'serviceName')?.toLowerCase();
  const remoteServiceName = textOf(parameters, 'remoteServiceName')?.toLowerCase();
  const spanName = textOf(parameters, 'spanName')?.toLowerCase();
  const min = longOf(parameters, 'minDuration');
  const max = longOf(parameters, 'maxDuration') ?? Infinity;
  const endTs = longOf(parameters, 'endTs') ?? now;
  const limit = longOf(parameters, 'limit', 0x7fffffff) ?? 10;
  const lookback = longOf(parameters, 'lookback') ?? DAY_MS;
  if (endTs <= 0) throw new BadRequestError('endTs <= 0');
  if (limit <= 0) throw new BadRequestError('limit <= 0');
  if (lookback <= 0) throw new BadRequestError('lookback <= 0');
  if (min === undefined && max < Infinity) {
    throw new BadRequestError('maxDuration is only valid with minDuration');
  }
  if (min !== undefined && min <= 0) throw new BadRequestError('minDuration <= 0');
  if (min !== undefined && max < min) throw new BadRequestError('maxDuration < minDuration');

  const conditions = annotationConditions(textOf(parameters, 'annotationQuery') ?? '');
  if (remoteServiceName) {
    conditions.push((span) => span.remoteEndpoint?.serviceName === remoteServiceName);
  }
  if (spanName && spanName !== 'all') conditions.push((span) => span.name === spanName);
  if (min !== undefined) {
    conditions.push(({ duration = 0 }) => duration >= min && duration <= max);
  }
  return { ...(serviceName && { serviceName }), endTs, lookback, limit, conditions };
}

/** `error and http.method=GET`: a tag key or an annotation, and a tag. The last value given for a key counts. */
function annotationConditions(annotationQuery: string): ((span: Span) => boolean)[] {
  const wanted = new Map<string, string>();
  for (const term of annotationQuery === '' ? [] : annotationQuery.split(' and ')) {
    const [key = '', ...value] = term.split('=');
    if (value.length > 0 || !wanted.has(key.trim())) wanted.set(key.trim(), value.join('=').trim());
  }
  return [...wanted].map(([key, value]) => ({ tags = {}, annotations = [] }) => {
    if (value !== '') return Object.hasOwn(tags, key) && tags[key] === value;
    return Object.hasOwn(tags, key) || annotations.some((it) => it.value === key);
  });
}

/** Whether a trace began in the requested time and meets all conditions. */
export function matches(spans: readonly Span[], query: TraceQuery): boolean {
  const begin = beginOf(spans);
  if (begin === 0) return false;
  if (begin < (query.endTs - query.lookback) * 1000 || begin > query.endTs * 1000) return false;
  const { serviceName } = query;
  const inScope = serviceName
    ? spans.filter((span) => span.localEndpoint?.serviceName === serviceName)
    : spans;
  return inScope.length > 0 && query.conditions.every((holds) => inScope.some(holds));
}

/** Microseconds: the root's own time, else the earliest known time, else 0. */
function beginOf(spans: readonly Span[]): number {
  const timed = spans.filter((span) => span.timestamp);
  const root = timed.find((span) => !span.parentId);
  const times = (root ? [root] : timed).map((span) => span.timestamp ?? 0);
  return times.length > 0 ? times.reduce((a, b) => Math.min(a, b)) : 0;
}
