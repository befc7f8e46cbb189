import {
  type Context,
  createContextKey,
  isSpanContextValid,
  trace,
  TraceFlags,
  type TextMapGetter,
  type TextMapSetter,
} from '@opentelemetry/api';
import { parseTraceParent, TraceState } from '@opentelemetry/core';

/** The trace id that the caller marked as random. The SDK's spans drop that flag. */
const RANDOM = createContextKey('trace id that is random');
const RANDOM_FLAG = 0b10; // W3C Trace Context level 2

/**
 * Reads `traceparent` and `tracestate`; undefined without a valid `traceparent`. It is our own: OpenTelemetry's propagator shortens
 * a `tracestate` of more than 512 characters, loses the random flag and writes flags above 0f as three digits.
 */
export function extractW3C<C>(
  context: Context,
  carrier: C,
  getter: TextMapGetter<C>,
): Context | undefined {
  const header = onlyOne(getter.get(carrier, 'traceparent'));
  const parent = header === undefined ? null : parseTraceParent(header);
  if (!parent) return undefined;
  const state = getter.get(carrier, 'tracestate')?.toString(); // several headers are one list
  const spanContext = {
    ...parent,
    isRemote: true,
    ...(state !== undefined && isStateList(state) && { traceState: new PassedOnState(state) }),
  };
  const random = (parent.traceFlags & RANDOM_FLAG) !== 0;
  return trace.setSpanContext(
    random ? context.setValue(RANDOM, parent.traceId) : context,
    spanContext,
  );
}

function onlyOne(value: string | string[] | undefined): string | undefined {
  if (!Array.isArray(value)) return value;
  return value.length === 1 ? value[0] : undefined;
}

/** Writes `traceparent`, and `tracestate` if there is one. */
export function injectW3C<C>(context: Context, carrier: C, setter: TextMapSetter<C>): void {
  const span = trace.getSpanContext(context);
  if (!span || !isSpanContextValid(span)) return;
  const random = context.getValue(RANDOM) === span.traceId ? RANDOM_FLAG : 0;
  const flags = (span.traceFlags & TraceFlags.SAMPLED) | random; // the other bits have no meaning yet and are not passed on
  setter.set(carrier, 'traceparent', `00-${span.traceId}-${span.spanId}-0${flags}`);
  const state = span.traceState?.serialize();
  if (state) setter.set(carrier, 'tracestate', state);
}

/** W3C's limit of members. */
const MAX_MEMBERS = 32;
const MEMBER = /^[a-z\d][a-z\d_\-*/@]{0,255}=[ -+\--<>-~]{0,256}$/;

/** An invalid list is not passed on. */
function isStateList(text: string): boolean {
  const members = text.split(',').map((member) => member.trim());
  const filled = members.filter((member) => member !== '');
  return (
    filled.length > 0 &&
    filled.length <= MAX_MEMBERS &&
    filled.every((member) => MEMBER.test(member))
  );
}

/** The caller's `tracestate`, letter for letter. */
class PassedOnState extends TraceState {
  constructor(private readonly text: string) {
    super(text);
  }

  override serialize(): string {
    return this.text;
  }
}
