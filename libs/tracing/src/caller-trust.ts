import {
  type Baggage,
  type Context,
  createContextKey,
  isSpanContextValid,
  type Link,
  propagation,
  trace,
} from '@opentelemetry/api';
import { b3Decision, withoutB3Caller, withoutB3Decision } from './b3.ts';

/** What an edge believes of the trace context of its callers, who may be anyone. */
export interface CallerTrust {
  /** The caller's span becomes the parent. Otherwise a new trace begins, with a link to it. */
  readonly parent: boolean;
  /** The caller decides whether the trace is sampled. Otherwise the edge's own sampler does. */
  readonly sampled: boolean;
  /** B3's debug flag counts, which samples a trace whatever the sampler says. */
  readonly debug: boolean;
  /** All baggage is passed on, or only entries with these keys. */
  readonly baggage: true | ReadonlySet<string>;
}

const LINKS = createContextKey('links to the callers that are not believed');
const OWN_SAMPLING = createContextKey('the sampling of the caller does not count');

/** `extracted` from a request without what is not believed. */
export function believed(extracted: Context, trust: CallerTrust): Context {
  let result = extracted;
  const caller = trace.getSpanContext(extracted);
  if (!trust.parent && caller && isSpanContextValid(caller)) {
    const link: Link = { context: caller };
    result = withoutB3Caller(trace.deleteSpan(result)).setValue(LINKS, [link]);
  }
  const decision = b3Decision(extracted);
  if (decision !== undefined && !(decision === 'debug' ? trust.debug : trust.sampled)) {
    result = withoutB3Decision(result);
  }
  // Debug that is believed is a decision by itself.
  if (!trust.sampled && b3Decision(result) !== 'debug')
    result = result.setValue(OWN_SAMPLING, true);
  const baggage = trust.baggage === true ? undefined : propagation.getBaggage(extracted);
  if (baggage) result = propagation.setBaggage(result, only(baggage, trust.baggage));
  return result;
}

function only(baggage: Baggage, keys: CallerTrust['baggage']): Baggage {
  const foreign = baggage.getAllEntries().flatMap(([key]) => {
    return keys === true || keys.has(key) ? [] : [key];
  });
  return baggage.removeEntries(...foreign);
}

/** The links of the SERVER span to a caller that is not its parent. */
export function callerLinks(from: Context): Link[] | undefined {
  return from.getValue(LINKS) as Link[] | undefined; // only set above
}

/** Whether the sampler must not look at the caller. */
export function samplesItself(from: Context): boolean {
  return from.getValue(OWN_SAMPLING) === true;
}
