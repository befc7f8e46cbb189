import type { Attributes, Span } from '@opentelemetry/api';
import { WAIT_DURATION } from './semconv.ts';

/**
 * Shows on `span` that the work waited from `since` (as `performance.now()` gives it) until now: for a place, a connection, its turn. The
 * event marks the end of the wait and has its length, so that the time is explained. A wait below `leastMs` is not shown.
 */
export function recordWait(
  span: Span | undefined,
  event: string,
  since: number,
  leastMs = 0,
  attributes?: Attributes,
): void {
  if (span === undefined) return;
  const ms = performance.now() - since;
  if (ms >= leastMs) span.addEvent(event, { ...attributes, [WAIT_DURATION]: ms / 1000 });
}
