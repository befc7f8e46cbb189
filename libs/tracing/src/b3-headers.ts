import { isValidSpanId, isValidTraceId, type TextMapGetter } from '@opentelemetry/api';

/**
 * A sampling decision that came without ids (`b3: 0`, `X-B3-Sampled: 1` alone) or as the debug flag. It applies to
 * the trace that starts here; OpenTelemetry's span context has no field for it.
 */
export type B3Decision = 'accept' | 'deny' | 'debug';

/** What a caller said in B3; without ids there may be a decision. */
export interface B3Fields {
  readonly ids?: B3Ids | undefined;
  readonly decision?: B3Decision | undefined;
}

/** In lower case. A trace id of 64 bits is padded on the left to 128. */
export interface B3Ids {
  readonly traceId: string;
  readonly spanId: string;
  /** The caller's own parent, which a server that joins the caller's span has as well. */
  readonly parentId?: string;
}

/** Reads the single header, and `X-B3-*` without a valid one: a malformed `b3` says nothing about the others. */
export function readB3<C>(carrier: C, getter: TextMapGetter<C>): B3Fields {
  const single = first(getter.get(carrier, 'b3'));
  return (single === undefined ? undefined : parseSingle(single)) ?? parseMulti(carrier, getter);
}

/** Whether the caller set the debug flag or may have: a cheap question for a request that has a `traceparent`. */
export function mayHaveB3Debug<C>(carrier: C, getter: TextMapGetter<C>): boolean {
  return getter.get(carrier, 'x-b3-flags') !== undefined || getter.get(carrier, 'b3') !== undefined;
}

const SINGLE = /^([\da-f]{32}|[\da-f]{16})-([\da-f]{16})(?:-([01d])(?:-([\da-f]{16}))?)?$/;

/** Undefined for a header that is malformed. */
function parseSingle(header: string): B3Fields | undefined {
  if (/^[01d]$/.test(header)) return { decision: decisionOf(header) };
  const [, traceId, spanId, mark, parentId] = SINGLE.exec(header) ?? [];
  const ids = validIds(traceId, spanId, parentId);
  return ids && { ids, decision: decisionOf(mark) };
}

function parseMulti<C>(carrier: C, getter: TextMapGetter<C>): B3Fields {
  const read = (name: string): string | undefined => first(getter.get(carrier, name));
  const traceId = read('x-b3-traceid');
  const spanId = read('x-b3-spanid');
  const decision = read('x-b3-flags') === '1' ? 'debug' : decisionOf(read('x-b3-sampled'));
  if (!traceId || !spanId) return { decision };
  const ids = validIds(traceId, spanId, read('x-b3-parentspanid'));
  return ids ? { ids, decision } : {};
}

const TRACE_ID = /^(?:[\da-f]{16}){1,2}$/;

function validIds(traceId = '', spanId = '', parentId = ''): B3Ids | undefined {
  const padded = traceId.padStart(32, '0');
  if (!TRACE_ID.test(traceId) || !isValidTraceId(padded) || !isValidSpanId(spanId))
    return undefined;
  return { traceId: padded, spanId, ...(isValidSpanId(parentId) && { parentId }) };
}

/** `true`/`false` are an older form that some of the original's clients still send. */
function decisionOf(mark: string | undefined): B3Decision | undefined {
  switch (mark) {
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

/** Of several headers the first counts; Node's HTTP server joins them with commas. */
function first(value: string | string[] | undefined): string | undefined {
  const all = Array.isArray(value) ? value[0] : value;
  const end = all?.indexOf(',') ?? -1;
  return (end === -1 ? all : all?.slice(0, end))?.trim().toLowerCase();
}
