import { setTimeout as sleep } from 'node:timers/promises';

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

/** The parts of a Zipkin v2 span that are read; times in microseconds. */
interface Span {
  readonly id: string;
  readonly parentId?: string;
  readonly kind?: 'CLIENT' | 'SERVER' | 'PRODUCER' | 'CONSUMER';
  readonly timestamp: number;
  readonly duration?: number;
  readonly localEndpoint: { readonly serviceName: string };
  readonly tags?: Readonly<Record<string, string>>;
}

/** Spans come in batches, and a shipment takes its time. */
const WHOLE_WITHIN_MS = 60_000;

/** Waits until each trace is whole: all calls served, all messages consumed. @throws Error when that takes too long */
export async function traceCounts(
  tracesUrl: string,
  traceIds: readonly string[],
): Promise<TraceCounts> {
  const traces: Span[][] = [];
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

async function wholeTrace(tracesUrl: string, traceId: string): Promise<Span[]> {
  const deadline = performance.now() + WHOLE_WITHIN_MS;
  for (;;) {
    const response = await fetch(`${tracesUrl}/api/v2/trace/${traceId}`);
    const text = await response.text();
    const trace = response.ok ? (JSON.parse(text) as Span[]) : []; // Zipkin's own form
    if (isWhole(trace)) return trace;
    if (performance.now() > deadline)
      throw new Error(`trace ${traceId} is not whole: it has ${trace.length} spans`);
    await sleep(100);
  }
}

function isWhole(trace: readonly Span[]): boolean {
  const ids = new Set(trace.map(({ id }) => id));
  const has = (parent: Span, is: (span: Span) => boolean): boolean =>
    trace.some((span) => span.parentId === parent.id && is(span));
  return (
    trace.some(({ parentId }) => parentId === undefined) &&
    trace.every((span) => {
      if (span.parentId !== undefined && !ids.has(span.parentId)) return false;
      if (isCall(span)) return has(span, ({ kind }) => kind === 'SERVER');
      if (span.kind === 'PRODUCER') return has(span, ({ kind }) => kind === 'CONSUMER');
      return span.kind !== 'CONSUMER' || has(span, isAcknowledgement);
    })
  );
}

function isCall({ kind, tags }: Span): boolean {
  return kind === 'CLIENT' && tags?.['http.request.method'] !== undefined;
}

function isAcknowledgement({ tags }: Span): boolean {
  return tags?.['messaging.operation.name'] === 'ack';
}

function isLate(trace: readonly Span[], service: string): boolean {
  const root = trace.find(({ parentId }) => parentId === undefined);
  const end = (root?.timestamp ?? 0) + (root?.duration ?? 0);
  const its = trace.filter(({ localEndpoint }) => localEndpoint.serviceName === service);
  const asked = its.filter(({ kind }) => kind === 'SERVER');
  return asked.every(({ timestamp }) => timestamp >= end);
}
