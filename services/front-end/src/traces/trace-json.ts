import type { BodyOf } from '../responses.ts';
import { shownError, shownLog, shownTags } from './shown-tags.ts';
import type { responses } from './trace-responses.ts';
import { failed, nameOf, serviceOf, type ZipkinSpan } from './zipkin-span.ts';

export type TraceJson = BodyOf<typeof responses.trace>;
export type SummaryJson = BodyOf<typeof responses.traces>['traces'][number];
type SpanJson = TraceJson['spans'][number];

/** The most spans, levels and services of one trace that are shown: a page must be able to draw them. An order has 60 spans on 8 levels. */
const MAX_SPANS = 1000;
const MAX_DEPTH = 100;
const MAX_SERVICES = 100;

/** `spans`: of one trace, at least one. */
export function traceJson(spans: readonly ZipkinSpan[]): TraceJson {
  const all = inOrder(spans);
  const shown = all
    .filter(({ depth }) => depth < MAX_DEPTH)
    .slice(0, MAX_SPANS)
    .map(({ span }) => span);
  const startUs = shown.reduce((first, span) => Math.min(first, span.timestamp), Infinity);
  const endUs = shown.reduce((last, span) => Math.max(last, span.timestamp + span.duration), 0);
  const omitted = all.length - shown.length;
  return {
    traceId: shown[0]?.traceId ?? '',
    startMs: startUs / 1000,
    durationMs: (endUs - startUs) / 1000,
    spans: shown.map((span) => spanJson(span, startUs)),
    ...(omitted > 0 && { omittedSpans: omitted }),
  };
}

/** `spans`: of one trace, at least one. */
export function summaryJson(spans: readonly ZipkinSpan[]): SummaryJson {
  const sorted = inOrder(spans).map(({ span }) => span);
  const [root] = sorted;
  if (!root) throw new Error('a trace without spans');
  const answered = sorted.find(({ tags }) => Object.hasOwn(tags, STATUS));
  const status = answered?.tags[STATUS];
  return {
    traceId: root.traceId,
    startMs: root.timestamp / 1000,
    durationMs: root.duration / 1000,
    name: nameOf(root),
    service: serviceOf(root),
    spans: sorted.length,
    services: [...new Set(sorted.map(serviceOf))].slice(0, MAX_SERVICES),
    errors: sorted.filter(failed).length,
    ...(status !== undefined && { status }),
  };
}

const STATUS = 'http.response.status_code';

function spanJson(span: ZipkinSpan, startUs: number): SpanJson {
  const { id, parentId, kind, remoteEndpoint, tags } = span;
  const remote = remoteEndpoint?.serviceName;
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
    startUs: span.timestamp - startUs,
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
  readonly at: number;
  readonly depth: number;
}
