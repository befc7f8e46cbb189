import { type Attributes, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { hrTimeDuration, millisToHrTime } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';

/** A span of a process without an exporter, say a browser. It was sampled: others are not sent. */
export interface ForeignSpan {
  readonly traceId: string;
  readonly id: string;
  readonly parentId?: string | undefined;
  readonly name: string;
  readonly kind: SpanKind.CLIENT | SpanKind.INTERNAL;
  /** Since 1970; may have fractions. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly attributes: Attributes;
  readonly events?: readonly ForeignEvent[];
  readonly links?: readonly { readonly traceId: string; readonly id: string }[];
  /** Few values; undefined without a failure. */
  readonly errorType?: string | undefined;
}

/** Something that happened at one time, `timeMs` since 1970. */
export interface ForeignEvent {
  readonly name: string;
  readonly timeMs: number;
  readonly attributes: Attributes;
}

/** The form that exporters accept. `local`: the parent is of the same process. */
export function readable(
  span: ForeignSpan,
  resource: Resource,
  scope: ReadableSpan['instrumentationScope'],
  local: boolean,
): ReadableSpan {
  const { traceId, parentId, errorType, events = [], links = [] } = span;
  const ids = (spanId: string, of = traceId) => ({
    traceId: of,
    spanId,
    traceFlags: TraceFlags.SAMPLED,
  });
  const startTime = millisToHrTime(span.startMs);
  const endTime = millisToHrTime(span.startMs + span.durationMs);
  return {
    name: span.name,
    kind: span.kind,
    spanContext: () => ids(span.id),
    ...(parentId !== undefined && { parentSpanContext: { ...ids(parentId), isRemote: !local } }),
    startTime,
    endTime,
    duration: hrTimeDuration(startTime, endTime),
    status: { code: errorType === undefined ? SpanStatusCode.UNSET : SpanStatusCode.ERROR },
    attributes: {
      ...span.attributes,
      ...(errorType !== undefined && { [ATTR_ERROR_TYPE]: errorType }),
    },
    links: links.map((link) => ({ context: ids(link.id, link.traceId) })),
    events: events.map(({ name, timeMs, attributes }) => ({
      name,
      time: millisToHrTime(timeMs),
      attributes,
    })),
    ended: true,
    resource,
    instrumentationScope: scope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}
