import { type Context, trace } from '@opentelemetry/api';
import type { Tracing } from '../src/tracing.ts';

export const TRACE = '0af7651916cd43dd8448eb211c80319c';
export const SHORT_TRACE = '8448eb211c80319c';
export const SPAN = 'b7ad6b7169203331';

export type Headers = Record<string, string>;

/** As an AMQP client in another language may send them. */
export function asBytes(headers: Headers): Record<string, Uint8Array> {
  const bytes = Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)] as const);
  return Object.fromEntries(bytes);
}

/** What a service sends on for a request with these headers: as its libs do, a SERVER span and from it a CLIENT span. */
export function hop(tracing: Tracing, headers: Record<string, unknown>): Headers {
  const caller = tracing.extract(headers);
  const server = trace.setSpan(caller, tracing.tracer.startSpan('server', {}, caller));
  return injected(tracing, trace.setSpan(server, tracing.tracer.startSpan('client', {}, server)));
}

export function injected(tracing: Tracing, context: Context): Headers {
  const headers: Headers = {};
  tracing.inject(context, headers);
  return headers;
}
