import { type Context, defaultTextMapSetter, ROOT_CONTEXT } from '@opentelemetry/api';
import { b3Decision, injectB3 } from './b3.ts';
import { baggageEntries, BoundedBaggagePropagator, withBaggage } from './baggage.ts';
import { injectW3C } from './w3c.ts';

const propagator = new BoundedBaggagePropagator();

/** A trace context as texts, to be stored with work that may be finished later. `Tracing.extract` reads it. */
export type StoredContext = Readonly<Record<string, string>>;

/**
 * W3C whatever is written into outgoing headers, and B3 only for the debug flag. Of the baggage only entries with these names: callers may send
 * a lot. Undefined outside of a trace.
 */
export function storedContext(
  from: Context,
  baggage: readonly string[] = [],
): StoredContext | undefined {
  const stored: Record<string, string> = {};
  injectW3C(from, stored, defaultTextMapSetter);
  if (stored['traceparent'] === undefined) return undefined;
  if (b3Decision(from) === 'debug') injectB3(from, stored, defaultTextMapSetter, 'single');
  const entries = baggageEntries(from, baggage);
  if (entries) propagator.inject(withBaggage(ROOT_CONTEXT, entries), stored, defaultTextMapSetter);
  return stored;
}
