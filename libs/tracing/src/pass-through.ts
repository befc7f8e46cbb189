import {
  type Context,
  INVALID_SPAN_CONTEXT,
  type Span,
  type SpanOptions,
  trace,
} from '@opentelemetry/api';
import { ActiveSpans } from './active-span.ts';
import { context } from './context.ts';

/** With tracing off, every "span" is the caller's own span context, so it reaches the next service unchanged. */
class PassThrough extends ActiveSpans {
  startSpan(_name: string, _options?: SpanOptions, from: Context = context.active()): Span {
    return trace.wrapSpanContext(trace.getSpanContext(from) ?? INVALID_SPAN_CONTEXT);
  }
}

export const passThrough = new PassThrough();
