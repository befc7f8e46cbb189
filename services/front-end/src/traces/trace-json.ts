import type { BodyOf } from '../responses.ts';
import { shownError, shownLog, shownTags } from './shown-tags.ts';
import type { responses } from './trace-responses.ts';
import { failed, serviceOf, type ZipkinSpan } from './zipkin-span.ts';

export type TraceJson = BodyOf<typeof responses.trace>;
export type SummaryJson = BodyOf<typeof responses.traces>['traces'][number];
type SpanJson = TraceJson['spans'][number];

/** `spans`: of one trace, at least one. */
export function traceJson(spans: readonly ZipkinSpan[]): TraceJson {
  const sorted = inOrder(spans);
  const startUs = Math.min(...sorted.map(({ timestamp }) => timestamp));
  const endUs = Math.max(...sorted.map(({ timestamp, duration }) => timestamp + duration));
  return {
    traceId: sorted[0]?.traceId ?? '',
    startMs: startUs / 1000,
    durationMs: (endUs - startUs) / 1000,
    spans: sorted.map((span) => spanJson(span, startUs)),
  };
}

/** `spans`: of one trace, at least one. */
export function summaryJson(spans: readonly ZipkinSpan[]): SummaryJson {
  const sorted = inOrder(spans);
  const [root] = sorted;
  if (!root) throw new Error('a trace without spans');
  const answered = sorted.find(({ tags }) => Object.hasOwn(tags, STATUS));
  const status = answered?.tags[STATUS];
  return {
    traceId: root.traceId,
    startMs: root.timestamp / 1000,
    durationMs: root.duration / 1000,
    name: root.name,
    service: serviceOf(root),
    spans: sorted.length,
    services: [...new Set(sorted.map(serviceOf))],
    errors: sorted.filter(failed).length,
    ...(status !== undefined && { status }),
  };
}

const STATUS = 'http.response.status_code';

function spanJson(span: ZipkinSpan, startUs: number): SpanJson {
  const { id, parentId, name, kind, remoteEndpoint, tags } = span;
  const remote = remoteEndpoint?.serviceName;
  const logs = span.annotations.flatMap(({ timestamp, value }) => {
    const shown = shownLog(value);
    return shown === undefined ? [] : [{ atUs: timestamp - startUs, value: shown }];
  });
  return {
    id,
    ...(parentId !== undefined && { parentId }),
    name,
    ...(kind && { kind }),
    service: serviceOf(span),
    ...(remote !== undefined && { remoteService: remote }),
    startUs: span.timestamp - startUs,
    durationUs: span.duration,
    ...(failed(span) && { error: shownError(tags) }),
    tags: shownTags(tags),
    logs,
  };
}

/** By start; where clocks disagree, a span still comes after its parent. Pieces that came twice are shown once. */
function inOrder(spans: readonly ZipkinSpan[]): ZipkinSpan[] {
  const once = new Map(spans.map((span) => [`${span.id} ${span.kind ?? ''}`, span]));
  const byId = new Map([...once.values()].map((span) => [span.id, span]));
  const places = new Map<ZipkinSpan, Place>();
  const placeOf = (span: ZipkinSpan): Place => {
    const known = places.get(span);
    if (known) return known;
    places.set(span, { at: span.timestamp, depth: 0 }); // malformed ones may be each other's parents
    const parent = byId.get(span.parentId ?? '');
    const above = parent && parent !== span ? placeOf(parent) : undefined;
    const place = above
      ? { at: Math.max(span.timestamp, above.at), depth: above.depth + 1 }
      : { at: span.timestamp, depth: 0 };
    places.set(span, place);
    return place;
  };
  return [...once.values()]
    .map((span) => ({ span, ...placeOf(span) }))
    .sort((one, other) => one.at - other.at || one.depth - other.depth)
    .map(({ span }) => span);
}

interface Place {
  readonly at: number;
  readonly depth: number;
}
