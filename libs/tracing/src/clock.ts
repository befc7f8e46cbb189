import type { HrTime, Span, Tracer } from '@opentelemetry/api';

/** Milliseconds by which the wall clock may have been set before spans follow it. Smaller steps would only shuffle parents and children. */
const STEP_MS = 100;

let offsetMs = performance.timeOrigin;

/**
 * Seconds and nanoseconds since the epoch, to the microsecond and never going backwards between two calls but when the
 * wall clock itself was set. The SDK starts a span on a whole millisecond: in one process a child would often seem to start before its parent.
 */
export function now(): HrTime {
  const monotonicMs = performance.now();
  const wallMs = Date.now();
  if (Math.abs(wallMs - (offsetMs + monotonicMs)) > STEP_MS) offsetMs = wallMs - monotonicMs;
  const ms = offsetMs + monotonicMs;
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1000) * 1000];
}

/** A tracer whose spans start and end by `now()`, unless they are given a time. */
export function withClock(tracer: Tracer): Tracer {
  const startSpan: Tracer['startSpan'] = (name, options, context) => {
    const span = tracer.startSpan(name, { startTime: now(), ...options }, context);
    return span.isRecording() ? endingNow(span) : span;
  };
  // The SDK's other ways to start a span go through `startSpan` of the same object.
  return Object.assign(Object.create(tracer) as Tracer, { startSpan });
}

function endingNow(span: Span): Span {
  const end = span.end.bind(span);
  span.end = (time) => {
    end(time ?? now());
  };
  return span;
}
