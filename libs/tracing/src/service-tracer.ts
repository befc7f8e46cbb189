import {
  type Context,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanOptions,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { type Sampler, SamplingDecision } from '@opentelemetry/sdk-trace';
import { ActiveSpans } from './active-span.ts';
import { b3Caller } from './b3.ts';
import type { B3Ids } from './b3-headers.ts';
import { samplesItself } from './caller-trust.ts';
import { context } from './context.ts';
import { newSpanId, newTraceId } from './ids.ts';
import { laterParent } from './later-parent.ts';
import { RecordingSpan, type SpanOrigin } from './recording-span.ts';

/** Starts spans as the SDK's tracer does, at a fraction of its cost: a request has several, and all are sampled by default. */
export class ServiceTracer extends ActiveSpans {
  constructor(
    private readonly origin: SpanOrigin,
    private readonly sampler: Sampler,
    /** A SERVER span joins the span of a caller that came in B3: both have one id, as classic B3 services do it. */
    private readonly joins = false,
  ) {
    super();
  }

  startSpan(name: string, options: SpanOptions = {}, from: Context = context.active()): Span {
    if (isTracingSuppressed(from)) return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
    const { kind = SpanKind.INTERNAL, attributes, links, startTime, root = false } = options;
    const outer = root ? trace.deleteSpan(from) : from;
    const outerSpan = trace.getSpan(outer);
    const parent = outerSpan?.spanContext();
    const parentSpanContext = parent && isSpanContextValid(parent) ? parent : undefined;
    const traceId = parentSpanContext?.traceId ?? newTraceId();
    const isServer = kind === SpanKind.SERVER; // an edge decides once, for all below
    const result = this.sampler.shouldSample(
      isServer && samplesItself(outer) ? trace.deleteSpan(outer) : outer,
      traceId,
      name,
      kind,
      attributes ?? {},
      links ?? [],
    );
    const sampled = result.decision === SamplingDecision.RECORD_AND_SAMPLED;
    const traceState = result.traceState ?? parentSpanContext?.traceState;
    const joined =
      this.joins && isServer && parent?.isRemote === true ? b3Caller(outer) : undefined;
    const spanContext = {
      traceId,
      spanId: joined?.spanId ?? newSpanId(),
      traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
      ...(traceState && { traceState }),
    };
    if (result.decision === SamplingDecision.NOT_RECORD) return trace.wrapSpanContext(spanContext);
    const clockOffset = outerSpan instanceof RecordingSpan ? outerSpan.clockOffset : undefined;
    const later = isServer && !parentSpanContext ? laterParent(outer) : undefined;
    const beginning = {
      ...{ name, kind, spanContext, startTime, attributes, links },
      parentSpanContext: later
        ? { ...spanContext, spanId: later, isRemote: true }
        : parentSpanContext,
      clockOffset,
    };
    const span = joined
      ? new RecordingSpan(this.origin, {
          ...beginning,
          parentSpanContext: parentOf(joined, parentSpanContext),
          shared: true,
        })
      : new RecordingSpan(this.origin, beginning);
    for (const processor of this.origin.processors) processor.onStart(span, outer);
    return span;
  }
}

/** The parent of a span that two services share is that of its caller; Zipkin finds one that the caller did not send. */
function parentOf({ parentId }: B3Ids, caller: SpanContext | undefined): SpanContext | undefined {
  return parentId === undefined || !caller ? undefined : { ...caller, spanId: parentId };
}
