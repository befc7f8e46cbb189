import type { HrTime } from '@opentelemetry/api';

let offsetMs = performance.timeOrigin;

/**
 * What to add to `performance.now()` for the time of day, in ms. The spans of a trace in this process share it, so that they fit each other
 * whatever happens to the wall clock; each new one follows the wall clock. That shows whole milliseconds: the offset moves only if it is outside
 * of the current one, so times have microseconds and are less than a millisecond off.
 */
export function wallOffset(): number {
  const beforeMs = performance.now();
  const wallMs = Date.now();
  if (offsetMs >= wallMs + 1 - beforeMs) offsetMs = wallMs + LATEST_IN_MS - beforeMs;
  else if (offsetMs < wallMs - beforeMs) {
    offsetMs = Math.max(offsetMs, wallMs - performance.now()); // the process may have waited between the two clocks
  }
  return offsetMs;
}

const LATEST_IN_MS = 0.999;

/** Seconds and nanoseconds since the epoch, to the microsecond. */
export function now(offset: number): HrTime {
  const ms = offset + performance.now();
  const seconds = Math.floor(ms / 1000);
  const nanos = Math.round((ms - seconds * 1000) * 1000) * 1000;
  return nanos < 1e9 ? [seconds, nanos] : [seconds + 1, 0];
}
