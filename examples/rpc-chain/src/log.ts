import { isSpanContextValid, trace } from '@opentelemetry/api';
import { context } from '@sockshop/tracing';

export type Log = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** JSON lines on standard output, with the ids of the span that is active. */
export function logOf(service: string): Log {
  return (message, fields = {}) => {
    const span = trace.getSpanContext(context.active());
    const ids = span &&
      isSpanContextValid(span) && { trace_id: span.traceId, span_id: span.spanId };
    const line = { time: new Date().toISOString(), service, message, ...fields, ...ids };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  };
}
