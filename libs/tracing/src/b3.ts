import {
  type Context,
  createContextKey,
  isSpanContextValid,
  trace,
  TraceFlags,
  type TextMapGetter,
  type TextMapSetter,
} from '@opentelemetry/api';
import { type B3Decision, type B3Ids, mayHaveB3Debug, readB3 } from './b3-headers.ts';

const DECISION = createContextKey('B3 sampling decision');
const CALLER = createContextKey("ids of the caller's span in B3");

/** The request's B3 decision, if it has one. */
export function b3Decision(context: Context): B3Decision | undefined {
  return context.getValue(DECISION) as B3Decision | undefined; // only set below
}

/** The caller's span, if it came in B3: the only format in which a server may join it. */
export function b3Caller(context: Context): B3Ids | undefined {
  return context.getValue(CALLER) as B3Ids | undefined; // only set below
}

/** Without the request's decision: what it says does not count. */
export function withoutB3Decision(context: Context): Context {
  return context.deleteValue(DECISION);
}

/** Without the caller's span: no server joins it. */
export function withoutB3Caller(context: Context): Context {
  return context.deleteValue(CALLER);
}

/**
 * Reads B3: the single header first, then `X-B3-*`. It is our own: OpenTelemetry's extractor starts a new, sampled trace
 * for `b3: 0`, `b3: d` and `X-B3-Sampled: 0`, and loses debug in the single header.
 * Malformed ids are ignored: a new trace starts.
 */
export function extractB3<C>(context: Context, carrier: C, getter: TextMapGetter<C>): Context {
  const { ids, decision } = readB3(carrier, getter);
  let extracted = context;
  if (decision && (decision === 'debug' || !ids)) {
    extracted = extracted.setValue(DECISION, decision);
  }
  if (!ids) return extracted;
  const { traceId, spanId } = ids;
  // No decision is B3's "defer": the receiver decides. The shop samples all traces by default.
  const traceFlags = decision === 'deny' ? TraceFlags.NONE : TraceFlags.SAMPLED;
  const spanContext = { traceId, spanId, traceFlags, isRemote: true };
  return trace.setSpanContext(extracted.setValue(CALLER, ids), spanContext);
}

/**
 * What B3 adds to a valid `traceparent`: the debug flag, which W3C has no word for, and that the caller's span may be joined. The ids of
 * `traceparent` win, so B3 counts only if it names the same trace. Debug implies sampled, also beside a `traceparent` that is not.
 */
export function addB3<C>(
  context: Context,
  carrier: C,
  getter: TextMapGetter<C>,
  joins: boolean,
): Context {
  if (!joins && !mayHaveB3Debug(carrier, getter)) return context;
  const { ids, decision } = readB3(carrier, getter);
  const span = trace.getSpanContext(context);
  if (!ids || !span || !sameTrace(ids, span.traceId)) return context;
  const joinable = ids.spanId === span.spanId ? context.setValue(CALLER, ids) : context;
  if (decision !== 'debug') return joinable;
  const traceFlags = span.traceFlags | TraceFlags.SAMPLED;
  return trace.setSpanContext(joinable.setValue(DECISION, decision), { ...span, traceFlags });
}

/** A caller that knows 64 bits only sends the right half of the id. */
function sameTrace({ traceId }: B3Ids, other: string): boolean {
  return traceId === other || traceId === other.slice(16).padStart(32, '0');
}

/** Writes `X-B3-*` (multi) or `b3` (single). Never `X-B3-ParentSpanId`: every hop makes its own span. */
export function injectB3<C>(
  context: Context,
  carrier: C,
  setter: TextMapSetter<C>,
  form: 'single' | 'multi',
): void {
  const span = trace.getSpanContext(context);
  const decision = b3Decision(context);
  if (!span || !isSpanContextValid(span)) {
    if (decision) setDecisionOnly(carrier, setter, form, decision);
    return;
  }
  const debug = decision === 'debug';
  const sampled = (span.traceFlags & TraceFlags.SAMPLED) !== 0;
  if (form === 'single') {
    setter.set(
      carrier,
      'b3',
      `${span.traceId}-${span.spanId}-${debug ? 'd' : sampled ? '1' : '0'}`,
    );
    return;
  }
  setter.set(carrier, 'x-b3-traceid', span.traceId);
  setter.set(carrier, 'x-b3-spanid', span.spanId);
  if (debug) setter.set(carrier, 'x-b3-flags', '1');
  else setter.set(carrier, 'x-b3-sampled', sampled ? '1' : '0');
}

/** With tracing off there may be a decision without a span. */
function setDecisionOnly<C>(
  carrier: C,
  setter: TextMapSetter<C>,
  form: 'single' | 'multi',
  decision: B3Decision,
): void {
  const mark = { accept: '1', deny: '0', debug: 'd' }[decision];
  if (form === 'single') setter.set(carrier, 'b3', mark);
  else if (decision === 'debug') setter.set(carrier, 'x-b3-flags', '1');
  else setter.set(carrier, 'x-b3-sampled', mark);
}
