import {
  type Context,
  INVALID_SPAN_CONTEXT,
  type Span,
  type SpanOptions,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { context } from './context.ts';

/** With tracing off, every "span" is the caller's own span context, so it reaches the next service unchanged. */
export const passThrough: Tracer = {
  startSpan(_name: string, _options?: SpanOptions, from: Context = context.active()): Span {
    return trace.wrapSpanContext(trace.getSpanContext(from) ?? INVALID_SPAN_CONTEXT);
  },
  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    ...rest: unknown[]
  ): ReturnType<F> {
    const work = rest.at(-1) as F; // the API's overloads all end in the function
    return work(this.startSpan(name)) as ReturnType<F>;
  },
};
