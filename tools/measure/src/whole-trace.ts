import { setTimeout as sleep } from 'node:timers/promises';

/** The parts of a Zipkin v2 span that are read; times in microseconds. */
export interface TraceSpan {
  readonly traceId: string;
  readonly id: string;
  readonly parentId?: string;
  readonly name: string;
  readonly kind?: 'CLIENT' | 'SERVER' | 'PRODUCER' | 'CONSUMER';
  readonly timestamp: number;
  readonly duration?: number;
  readonly localEndpoint: { readonly serviceName: string };
  readonly tags?: Readonly<Record<string, string>>;
}

/** Spans come in batches, and a shipment takes its time. */
const WHOLE_WITHIN_MS = 60_000;

/**
 * Waits until the trace is whole: it has its root, each call that was answered has the span of the service, each message its consumer.
 * @throws Error when that takes too long
 */
export async function wholeTrace(tracesUrl: string, traceId: string): Promise<TraceSpan[]> {
  const deadline = performance.now() + WHOLE_WITHIN_MS;
  for (;;) {
    const response = await fetch(`${tracesUrl}/api/v2/trace/${traceId}`);
    const text = await response.text();
    const trace = response.ok ? (JSON.parse(text) as TraceSpan[]) : []; // Zipkin's own form
    if (isWhole(trace)) return trace;
    if (performance.now() > deadline)
      throw new Error(`trace ${traceId} is not whole: it has ${trace.length} spans`);
    await sleep(100);
  }
}

function isWhole(trace: readonly TraceSpan[]): boolean {
  const ids = new Set(trace.map(({ id }) => id));
  const has = (parent: TraceSpan, is: (span: TraceSpan) => boolean): boolean =>
    trace.some((span) => span.parentId === parent.id && is(span));
  return (
    trace.some(({ parentId }) => parentId === undefined) &&
    trace.every((span) => {
      if (span.parentId !== undefined && !ids.has(span.parentId)) return false;
      if (isCall(span)) return !isAnswered(span) || has(span, ({ kind }) => kind === 'SERVER');
      if (span.kind === 'PRODUCER')
        return isFailed(span) || has(span, ({ kind }) => kind === 'CONSUMER');
      return span.kind !== 'CONSUMER' || has(span, isSettlement);
    })
  );
}

/** An HTTP request to a service. */
export function isCall({ kind, tags }: TraceSpan): boolean {
  return kind === 'CLIENT' && tags?.['http.request.method'] !== undefined;
}

/** Nothing may have come to the other end of a call without an answer. */
function isAnswered({ tags }: TraceSpan): boolean {
  return tags?.['http.response.status_code'] !== undefined;
}

function isFailed({ tags }: TraceSpan): boolean {
  return tags?.['error'] !== undefined;
}

function isSettlement({ tags }: TraceSpan): boolean {
  const operation = tags?.['messaging.operation.name'];
  return operation === 'ack' || operation === 'nack';
}
