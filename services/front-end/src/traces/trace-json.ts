import type { BodyOf } from '../responses.ts';
import { shownError, shownLog, shownTags } from './shown-tags.ts';
import type { responses } from './trace-responses.ts';
import { stateOf } from './trace-state.ts';
import { failed, nameOf, remoteOf, serviceOf, type ZipkinSpan } from './zipkin-span.ts';

export type TraceJson = BodyOf<typeof responses.trace>;
export type SummaryJson = BodyOf<typeof responses.traces>['traces'][number];
type SpanJson = TraceJson['spans'][number];

/** The most spans, levels and services of one trace that are shown: a page must be able to draw them. An order has 60 spans on 8 levels. */
const MAX_SPANS = 1000;
const MAX_DEPTH = 100;
const MAX_SERVICES = 100;

/** `spans`: of one trace, at least one. `nowMs`: since 1970. */
export function traceJson(spans: readonly ZipkinSpan[], nowMs = Date.now()): TraceJson {
  const all = inOrder(spans);
  const shown = all.filter(({ depth }) => depth < MAX_DEPTH).slice(0, MAX_SPANS);
  const startUs = startOf(shown);
  const omitted = all.length - shown.length;
  const summary = summaryOf(all, nowMs);
  return {
    traceId: summary.traceId,
    summary,
    startMs: startUs / 1000,
    spans: shown.map((placed) => spanJson(placed, startUs)),
    ...(omitted > 0 && { omittedSpans: omitted }),
  };
}

/** `spans`: of one trace, at least one. `nowMs`: since 1970. */
export function summaryJson(spans: readonly ZipkinSpan[], nowMs = Date.now()): SummaryJson {
  return summaryOf(inOrder(spans), nowMs);
}

function summaryOf(placed: readonly Placed[], nowMs: number): SummaryJson {
  const spans = placed.map(({ span }) => span);
  const [root] = spans;
  if (!root) throw new Error('a trace without spans');
  const answered = spans.find(({ tags }) => Object.hasOwn(tags, STATUS));
  const status = answered?.tags[STATUS];
  const startUs = startOf(placed);
  const endUs = placed.reduce(
    (last, each) => Math.max(last, timeOf(each) + each.span.duration),
    startUs,
  );
  return {
    traceId: root.traceId,
    startMs: startUs / 1000,
    durationMs: root.duration / 1000,
    wholeMs: (endUs - startUs) / 1000,
    name: nameOf(root),
    service: serviceOf(root),
    spans: spans.length,
    services: [...new Set(spans.map(serviceOf))].slice(0, MAX_SERVICES),
    errors: spans.filter(failed).length,
    ...(status !== undefined && { status }),
    state: stateOf(spans, nowMs),
  };
}

function startOf(placed: readonly Placed[]): number {
  const times = placed.map(timeOf).filter((time) => time > 0);
  return times.length === 0 ? 0 : times.reduce((first, time) => Math.min(first, time));
}

/** A span without a time of its own is shown where its parent starts. */
function timeOf({ span, at }: Placed): number {
  return span.timestamp || at;
}

const STATUS = 'http.response.status_code';

function spanJson(placed: Placed, startUs: number): SpanJson {
  const { span } = placed;
  const { id, parentId, kind, tags } = span;
  const remote = remoteOf(span);
  const logs = span.annotations.flatMap(({ timestamp, value }) => {
    const shown = shownLog(value);
    return shown === undefined ? [] : [{ atUs: timestamp - startUs, value: shown }];
  });
  return {
    id,
    ...(parentId !== undefined && { parentId }),
    name: nameOf(span),
    ...(kind && { kind }),
    service: serviceOf(span),
    ...(remote !== undefined && { remoteService: remote }),
    startUs: (timeOf(placed) || startUs) - startUs,
    durationUs: span.duration,
    ...(failed(span) && { error: shownError(tags) }),
    tags: shownTags(tags),
    logs,
  };
}

/**
 * By start; where clocks disagree, a span still comes after its parent. Pieces that came twice are shown once. Spans come from outside:
 * neither their number nor the length of a chain of them is limited, so there is no recursion here.
 */
function inOrder(spans: readonly ZipkinSpan[]): Placed[] {
  const once = new Map(spans.map((span) => [`${span.id} ${span.kind ?? ''}`, span]));
  const byId = new Map([...once.values()].map((span) => [span.id, span]));
  const places = new Map<ZipkinSpan, Placed>();
  for (const each of once.values()) {
    const unplaced = new Set<ZipkinSpan>(); // from the span upwards; malformed ones may be each other's parents
    let at: ZipkinSpan | undefined = each;
    while (at && !places.has(at) && !unplaced.has(at)) {
      unplaced.add(at);
      at = byId.get(at.parentId ?? '');
    }
    let above = at && places.get(at);
    for (const span of [...unplaced].reverse()) {
      above = above
        ? { span, at: Math.max(span.timestamp, above.at), depth: above.depth + 1 }
        : { span, at: span.timestamp, depth: 0 };
      places.set(span, above);
    }
  }
  return [...once.values()]
    .flatMap((span) => places.get(span) ?? [])
    .sort((one, other) => one.at - other.at || one.depth - other.depth);
}

interface Placed {
  readonly span: ZipkinSpan;
  /** Its start, but not before its parent's; 0 where neither has one. */
  readonly at: number;
  readonly depth: number;
}
