import {
  context,
  isSpanContextValid,
  type Span,
  type SpanOptions,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import { Telemetry } from './telemetry.ts';

/** Exceptions already on a span: each is recorded once, by the innermost span that it left. */
const recorded = new WeakSet<Error>();

/**
 * Runs `work` inside a span of its own. An error that leaves it marks the span and goes on to the caller; status OK is never
 * set, as that is the application's word, not the instrumentation's.
 */
export async function inSpan<T>(
  telemetry: Telemetry,
  name: string,
  options: SpanOptions,
  work: (span: Span) => Promise<T> | T,
): Promise<T> {
  const parent = telemetry.enter(context.active());
  const span = telemetry.tracer.startSpan(name, options, parent);
  try {
    return await context.with(trace.setSpan(parent, span), () => work(span));
  } catch (error) {
    failSpan(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** Marks the span as failed with `error.type`, and records the exception unless an inner span already did. */
export function failSpan(span: Span, error: unknown): void {
  span.setAttribute(ATTR_ERROR_TYPE, errorType(error));
  span.setStatus({ code: SpanStatusCode.ERROR });
  if (error instanceof Error && !recorded.has(error)) {
    recorded.add(error);
    span.recordException(error);
  }
}

/** Few values: a `reason` the error carries (a fixed word), else the class of the error. */
export function errorType(error: unknown): string {
  if (!(error instanceof Error)) return '_OTHER';
  if ('reason' in error && typeof error.reason === 'string') return error.reason;
  return error.name === 'Error' ? '_OTHER' : error.name;
}

/**
 * Makes an async method an INTERNAL span of the service that is handling the request: a step that a reader of the trace would
 * miss. `name` is a fixed text; default: the method's name.
 */
export function Traced(name?: string) {
  return <M extends (...args: never[]) => Promise<unknown>>(
    _target: object,
    key: string,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => {
    const method = descriptor.value;
    if (!method) throw new Error(`@Traced() is for methods: ${key}`);
    const traced = function (this: unknown, ...args: never[]): Promise<unknown> {
      const telemetry = Telemetry.active();
      if (!telemetry) return method.apply(this, args);
      return inSpan(telemetry, name ?? key, {}, () => method.apply(this, args));
    };
    descriptor.value = traced as M; // same parameters, same result
  };
}

/** The ids of the active span as JSON log fields; none outside of one. */
export function traceFields():
  { trace_id: string; span_id: string; trace_flags: string } | undefined {
  const span = trace.getSpanContext(context.active());
  if (!span || !isSpanContextValid(span)) return undefined;
  const trace_flags = span.traceFlags.toString(16).padStart(2, '0');
  return { trace_id: span.traceId, span_id: span.spanId, trace_flags };
}
