import type { HrTime } from '@opentelemetry/api';

/** Spans follow the wall clock when it was set by more than so many milliseconds. Smaller steps would only reorder parents and children. */
const STEP_MS = 100;

let offsetMs = performance.timeOrigin;

/**
 * Seconds and nanoseconds since the epoch, to the microsecond. Never goes backwards between two calls, unless the wall clock was set.
 * The SDK starts a span on a whole millisecond, so a child in the same process would often seem to start before its parent.
 */
export function now(): HrTime {
  const monotonicMs = performance.now();
  const wallMs = Date.now();
  if (Math.abs(wallMs - (offsetMs + monotonicMs)) > STEP_MS) offsetMs = wallMs - monotonicMs;
  const ms = offsetMs + monotonicMs;
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1000) * 1000];
}
