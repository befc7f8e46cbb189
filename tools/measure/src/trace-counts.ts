import { isCall, type TraceSpan, wholeTrace } from './whole-trace.ts';

/** What one or several traces contain. */
export interface TraceCounts {
  readonly spans: number;
  /** HTTP calls from service to service. */
  readonly calls: number;
  /** Commands to databases. */
  readonly storeCommands: number;
  /** Published ones. */
  readonly messages: number;
  /** Of the spans as JSON in Zipkin's form. */
  readonly bytes: number;
  /** Times that each service was asked, or was given a message. */
  readonly visits: Readonly<Record<string, number>>;
  /** Services that work only after the response, or at a message. */
  readonly late: readonly string[];
}

/** Waits until each trace is whole: all calls served, all messages consumed. @throws Error when that takes too long */
export async function traceCounts(
  tracesUrl: string,
  traceIds: readonly string[],
): Promise<TraceCounts> {
  const traces: TraceSpan[][] = [];
  for (const traceId of traceIds) traces.push(await wholeTrace(tracesUrl, traceId));
  const spans = traces.flat();
  const visits: Record<string, number> = {};
  for (const { kind, localEndpoint } of spans)
    if (kind === 'SERVER' || kind === 'CONSUMER')
      visits[localEndpoint.serviceName] = (visits[localEndpoint.serviceName] ?? 0) + 1;
  return {
    spans: spans.length,
    calls: spans.filter(isCall).length,
    storeCommands: spans.filter(({ tags }) => tags?.['db.system.name'] !== undefined).length,
    messages: spans.filter(({ kind }) => kind === 'PRODUCER').length,
    bytes: Buffer.byteLength(JSON.stringify(traces)),
    visits,
    late: Object.keys(visits).filter((name) => traces.every((trace) => isLate(trace, name))),
  };
}

function isLate(trace: readonly TraceSpan[], service: string): boolean {
  const root = trace.find(({ parentId }) => parentId === undefined);
  const end = (root?.timestamp ?? 0) + (root?.duration ?? 0);
  const its = trace.filter(({ localEndpoint }) => localEndpoint.serviceName === service);
  const asked = its.filter(({ kind }) => kind === 'SERVER');
  return asked.every(({ timestamp }) => timestamp >= end);
}
