import { type TraceSpan, wholeTrace } from '@sockshop/measure';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 120_000;

/** The trace of the recovery that sent the order's shipment. @throws Error when it takes too long */
export async function recovery(tracesUrl: string, orderId: string): Promise<TraceSpan[]> {
  const query = new URLSearchParams({
    annotationQuery: `sockshop.order.id=${orderId}`,
    serviceName: 'orders',
    limit: '100',
  });
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const response = await fetch(`${tracesUrl}/api/v2/traces?${query.toString()}`);
    const traces = (await response.json()) as TraceSpan[][];
    const found = traces.find(
      (trace) =>
        trace.some(({ kind }) => kind === 'CONSUMER') &&
        trace.every(({ kind, parentId }) => kind !== 'SERVER' || parentId !== undefined),
    );
    const [span] = found ?? [];
    if (span) return wholeTrace(tracesUrl, span.traceId);
    await sleep(500);
  }
  throw new Error(`no trace of the recovery of order ${orderId}`);
}
