import { type Context, propagation } from '@opentelemetry/api';

/** OpenTelemetry's values of `user_agent.synthetic.type`. */
export type SyntheticType = 'bot' | 'test';

/** Tools that make load or drive a page, by their own names. Not `curl` and its like, which people use. */
const TEST =
  /^(?:k6|locust|artillery|autocannon|apachebench|wrk|hey|vegeta|gatling|oha|bombardier)\b|jmeter|headlesschrome|playwright|puppeteer|selenium|cypress|loadtest/i;
// Cubot makes telephones.
const BOT = /(?<!cu)bot\b|crawl|spider|slurp|facebookexternalhit|mediapartners/i;

/** What tests set on all their requests, as in OpenTelemetry's demo. It crosses services and queues. */
const BAGGAGE_KEY = 'synthetic_request';

const known = new Map<string, SyntheticType | undefined>();
/** Then it begins anew: a caller may send any text. */
const MOST_KNOWN = 1000;

/** Whether a request comes from a test or a bot, by its user agent or its baggage; undefined for all others. */
export function syntheticType(
  userAgent: string | undefined,
  from: Context,
): SyntheticType | undefined {
  if (propagation.getBaggage(from)?.getEntry(BAGGAGE_KEY)?.value === 'true') return 'test';
  if (userAgent === undefined) return undefined;
  if (known.has(userAgent)) return known.get(userAgent);
  if (known.size >= MOST_KNOWN) known.clear();
  const type = typeOf(userAgent);
  known.set(userAgent, type);
  return type;
}

function typeOf(userAgent: string): SyntheticType | undefined {
  if (TEST.test(userAgent)) return 'test';
  return BOT.test(userAgent) ? 'bot' : undefined;
}
