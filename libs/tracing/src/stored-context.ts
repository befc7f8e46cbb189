import { type Context, defaultTextMapSetter } from '@opentelemetry/api';
import { b3Decision, injectB3 } from './b3.ts';
import { injectW3C } from './w3c.ts';

/** A trace context as texts, to be stored with work that may be finished later. `Tracing.extract` reads it. */
export type StoredContext = Readonly<Record<string, string>>;

/** W3C whatever is written into outgoing headers, and B3 only for the debug flag. Undefined outside of a trace. */
export function storedContext(from: Context): StoredContext | undefined {
  const stored: Record<string, string> = {};
  injectW3C(from, stored, defaultTextMapSetter);
  if (stored['traceparent'] === undefined) return undefined;
  if (b3Decision(from) === 'debug') injectB3(from, stored, defaultTextMapSetter, 'single');
  return stored;
}
