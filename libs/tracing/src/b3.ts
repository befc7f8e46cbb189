import {
  type Context,
  createContextKey,
  isSpanContextValid,
  isValidSpanId,
  trace,
  TraceFlags,
  type TextMapGetter,
  type TextMapSetter,
} from '@opentelemetry/api';

/**
 * A sampling decision that came without ids (`b3: 0`, `X-B3-Sampled: 1` alone) or as the debug flag. It applies to
 * the trace that starts here; OpenTelemetry's span context has no field for it.
 */
export type B3Decision = 'accept' | 'deny' | 'debug';

const DECISION = createContextKey('B3 sampling decision');

/** The request's B3 decision, if it has one. */
export function b3Decision(context: Context): B3Decision | undefined {
  return context.getValue(DECISION) as B3Decision | undefined; // only set below
}

/**
 * Reads B3: the single header first, then `X-B3-*`. It is our own: OpenTelemetry's extractor starts a new, sampled trace
 * for `b3: 0`, `b3: d` and `X-B3-Sampled: 0`, and loses debug in the single header.
 * 64-bit trace ids are padded on the left to 128 bits. Malformed ids are ignored: a new trace starts.
 */
export function extractB3<C>(context: Context, carrier: C, getter: TextMapGetter<C>): Context {
  const single = first(getter.get(carrier, 'b3'));
  const parsed = single === undefined ? parseMulti(carrier, getter) : parseSingle(single);
  let extracted = context;
  if (parsed.decision && (parsed.decision === 'debug' || !parsed.traceId)) {
    extracted = extracted.setValue(DECISION, parsed.decision);
  }
  if (!parsed.traceId || !parsed.spanId) return extracted;
  const traceId = parsed.traceId.toLowerCase().padStart(32, '0');
  const spanContext = {
    traceId,
    spanId: parsed.spanId.toLowerCase(),
    // No decision is B3's "defer": the receiver decides. The shop samples all traces by default.
    traceFlags: parsed.decision === 'deny' ? TraceFlags.NONE : TraceFlags.SAMPLED,
    isRemote: true,
  };
  return isSpanContextValid(spanContext) ? trace.setSpanContext(extracted, spanContext) : extracted;
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

interface Parsed {
  traceId?: string;
  spanId?: string;
  decision?: B3Decision | undefined;
}

const SINGLE = /^([\da-f]{32}|[\da-f]{16})-([\da-f]{16})(?:-([01d])(?:-[\da-f]{16})?)?$/i;

function parseSingle(header: string): Parsed {
  const text = header.trim();
  if (/^[01d]$/i.test(text)) return { decision: decisionOf(text) };
  const match = SINGLE.exec(text);
  if (!match?.[1] || !match[2]) return {};
  return { traceId: match[1], spanId: match[2], decision: decisionOf(match[3]) };
}

function parseMulti<C>(carrier: C, getter: TextMapGetter<C>): Parsed {
  const traceId = first(getter.get(carrier, 'x-b3-traceid'))?.trim();
  const spanId = first(getter.get(carrier, 'x-b3-spanid'))?.trim();
  const debug = first(getter.get(carrier, 'x-b3-flags'))?.trim() === '1';
  const decision = debug ? 'debug' : decisionOf(first(getter.get(carrier, 'x-b3-sampled'))?.trim());
  if (!traceId || !spanId) return { decision };
  if (!/^([\da-f]{32}|[\da-f]{16})$/i.test(traceId) || !isValidSpanId(spanId.toLowerCase()))
    return {};
  return { traceId, spanId, decision };
}

/** `true`/`false` are an older form that some of the original's clients still send. */
function decisionOf(mark: string | undefined): B3Decision | undefined {
  switch (mark?.toLowerCase()) {
    case '1':
    case 'true':
      return 'accept';
    case '0':
    case 'false':
      return 'deny';
    case 'd':
      return 'debug';
    default:
      return undefined;
  }
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
