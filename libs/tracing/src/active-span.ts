import { type Context, type Span, type SpanOptions, trace, type Tracer } from '@opentelemetry/api';
import { context } from './context.ts';

/** What every tracer's `startActiveSpan` does. Its overloads are (name, work), (name, options, work) and (name, options, context, work). */
export abstract class ActiveSpans implements Tracer {
  abstract startSpan(name: string, options?: SpanOptions, from?: Context): Span;

  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    ...rest: unknown[]
  ): ReturnType<F> {
    const work = rest.pop() as (span: Span) => ReturnType<F>;
    const [options, from = context.active()] = rest as [SpanOptions?, Context?];
    const span = this.startSpan(name, options, from);
    return context.with(trace.setSpan(from, span), work, undefined, span);
  }
}
