import type { BodyOf } from '../../src/responses.ts';
import type { responses } from '../../src/traces/trace-responses.ts';
import type { Trace, TraceLogs, TraceSummary } from './trace.ts';

/** `gone`: not there, or not (yet) found. `unavailable`: the trace store, or the shop, cannot be reached. */
export type TraceFailure = 'gone' | 'unavailable';

export class TraceError extends Error {
  override name = 'TraceError';

  constructor(readonly failure: TraceFailure) {
    super(failure);
  }
}

export type TraceConfig = Omit<BodyOf<typeof responses.drawer>, 'drawer'>;

export function traceConfig(): Promise<TraceConfig> {
  return ask<TraceConfig>('/trace/config');
}

export async function myTraces(): Promise<TraceSummary[]> {
  return (await ask<{ traces: TraceSummary[] }>('/trace/mine?limit=20')).traces;
}

export function myTrace(traceId: string): Promise<Trace> {
  return ask<Trace>(`/trace/mine/${traceId}`);
}

export function traceOfOrder(orderId: string): Promise<Trace> {
  return ask<Trace>(`/trace/orders/${encodeURIComponent(orderId)}`);
}

export function myTraceLogs(traceId: string): Promise<TraceLogs> {
  return ask<TraceLogs>(`/trace/mine/${traceId}/logs`);
}

export function logsOfOrder(orderId: string): Promise<TraceLogs> {
  return ask<TraceLogs>(`/trace/orders/${encodeURIComponent(orderId)}/logs`);
}

/** Not by `call` of api.ts: looking at traces makes none. */
async function ask<T>(path: string): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { signal: AbortSignal.timeout(10_000) });
    if (response.ok && response.status !== 204) return (await response.json()) as T; // our own front-end's, whose tests hold the shape
  } catch {
    throw new TraceError('unavailable');
  }
  throw new TraceError([204, 404].includes(response.status) ? 'gone' : 'unavailable');
}
