import { type Span, type SpanOptions, SpanStatusCode, trace } from '@opentelemetry/api';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import { context } from './context.ts';
import { causesOf, exceptionFacts, isError } from './exceptions.ts';
import { Tracing } from './tracing.ts';

/** Exceptions that are recorded already, with what caused them: each is recorded once, on the innermost span that it leaves. */
const recorded = new WeakSet<Error>();

/**
 * Runs `work` inside a span of its own. An error of `work` marks the span and reaches the caller. Status OK is never set: that is for
 * applications, not for instrumentation.
 */
export async function inSpan<T>(
  tracing: Pick<Tracing, 'tracer' | 'enter'>,
  name: string,
  options: SpanOptions,
  work: (span: Span) => Promise<T> | T,
): Promise<T> {
  const parent = tracing.enter(context.active());
  const span = tracing.tracer.startSpan(name, options, parent);
  try {
    return await context.with(trace.setSpan(parent, span), () => work(span));
  } catch (error) {
    failSpan(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** Marks the span as failed with `error.type`, and records the exception unless an inner span already recorded it or its cause. */
export function failSpan(span: Span, error: unknown): void {
  const known = causesOf(error).some((each) => recorded.has(each));
  mark(span, errorType(error), known ? undefined : error);
}

/**
 * The same for the span of a call, where the failure happens: `type` says what it was, and the exception is recorded here even if another
 * call failed with the same error object, as do all calls that waited for one connection.
 */
export function failCall(span: Span, error: unknown, type: string): void {
  mark(span, type, error);
}

function mark(span: Span, type: string, error: unknown): void {
  span.setAttribute(ATTR_ERROR_TYPE, type);
  span.setStatus({ code: SpanStatusCode.ERROR });
  if (!isError(error)) return;
  for (const each of causesOf(error)) recorded.add(each);
  span.recordException(exceptionFacts(error));
}

/** Few values: the error's `reason` if it is a fixed word, else its class. */
export function errorType(error: unknown): string {
  if (!isError(error)) return '_OTHER';
  if ('reason' in error && typeof error.reason === 'string' && /^[a-z_]{1,40}$/.test(error.reason))
    return error.reason;
  return error.name === 'Error' ? '_OTHER' : error.name;
}

/**
 * Makes an INTERNAL span of each call of a method, for a step that a reader of the trace would miss. The span ends when the method returns, or
 * when the promise that it returns is settled. It belongs to the service that handles the request. `name` is a fixed text; default: the
 * method's name.
 */
export function Traced(name?: string) {
  return <M extends (...args: never[]) => unknown>(
    _target: object,
    key: string,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => {
    const method = descriptor.value;
    if (!method) throw new Error(`@Traced() is for methods: ${key}`);
    const traced = function (this: unknown, ...args: never[]): unknown {
      const tracing = Tracing.active();
      if (!tracing) return method.apply(this, args);
      return inOwnSpan(tracing, name ?? key, () => method.apply(this, args));
    };
    descriptor.value = traced as M; // same parameters, same result
  };
}

/** As `inSpan`, for work that may be synchronous: its result stays as it is. */
function inOwnSpan(tracing: Tracing, name: string, work: () => unknown): unknown {
  const parent = context.active();
  const span = tracing.tracer.startSpan(name, {}, parent);
  const fail = (error: unknown): never => {
    failSpan(span, error);
    span.end();
    throw error;
  };
  let result: unknown;
  try {
    result = context.with(trace.setSpan(parent, span), work);
  } catch (error) {
    return fail(error);
  }
  if (!(result instanceof Promise)) {
    span.end();
    return result;
  }
  return result.then((value: unknown) => {
    span.end();
    return value;
  }, fail);
}
