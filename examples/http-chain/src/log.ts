import { isSpanContextValid, propagation, trace } from '@opentelemetry/api';
import { context } from '@sockshop/tracing';

export type Log = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** The seeds' extra field: who a request is for, carried as baggage from the first service to the last one. */
export const USER_NAME = 'user-name';

export function userName(): string | undefined {
  return propagation.getBaggage(context.active())?.getEntry(USER_NAME)?.value;
}

/** JSON lines on standard output, with the ids of the active span and the user's name. */
export function logOf(service: string): Log {
  return (message, fields = {}) => {
    const span = trace.getSpanContext(context.active());
    const ids = span &&
      isSpanContextValid(span) && { trace_id: span.traceId, span_id: span.spanId };
    const user = userName();
    const line = {
      time: new Date().toISOString(),
      service,
      message,
      ...fields,
      ...ids,
      ...(user !== undefined && { [USER_NAME]: user }),
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  };
}
