import { isSpanContextValid, trace } from '@opentelemetry/api';
import { baggageEntries, context, Tracing } from '@sockshop/tracing';

/** The ids of the active span as JSON log fields; none outside of one. */
export function traceFields():
  { trace_id: string; span_id: string; trace_flags: string } | undefined {
  const span = trace.getSpanContext(context.active());
  if (!span || !isSpanContextValid(span)) return undefined;
  const trace_flags = span.traceFlags.toString(16).padStart(2, '0');
  return { trace_id: span.traceId, span_id: span.spanId, trace_flags };
}

/** The entries of the baggage that the log of the active service may show. */
export function baggageFields(): Record<string, string> | undefined {
  const tracing = Tracing.active();
  return tracing && baggageEntries(context.active(), tracing.config.baggageLogFields);
}
