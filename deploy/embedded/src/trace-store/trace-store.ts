import { callsOf, sumCalls, type Call, type DependencyLink } from './dependency-linker.ts';
import { NamesIndex } from './names-index.ts';
import {
  decodeSpan,
  encodeSpan,
  releaseTexts,
  timestampOf,
  type SpanRecord,
} from './span-codec.ts';
import { compareText, lowTraceId, type Span } from './span.ts';
import { StringTable } from './string-table.ts';
import { matches, type TraceQuery } from './trace-query.ts';

export interface TraceStoreLimits {
  /** Most spans to keep. Default 20,000: some 500 orders, 8 MiB. */
  maxSpans?: number;
  /** Most bytes to keep, estimated: a guard against spans with huge texts. Default 12 MiB. */
  maxBytes?: number;
  /** Most spans to keep of one trace; later ones are dropped. Default 2000: an order has 60. */
  maxTraceSpans?: number;
}

/**
 * Rough heap cost besides the bytes themselves, measured on Node 24: of a span its string header, its slot in the set and its share of
 * the calls; of a trace its id, set and slot in the map. Spans of the shop with 13 tags take 370 to 430 bytes in traces of 30,
 * 850 as traces of one.
 */
const SPAN_OVERHEAD_BYTES = 96;
const TRACE_OVERHEAD_BYTES = 300;

/** All spans with the same low 64 bits of the trace id, in order of arrival. Repeated spans are kept once. */
interface StoredTrace {
  readonly records: Set<SpanRecord>;
  /** Computed on the first request, and kept until another span arrives. */
  calls: Call[] | undefined;
}

/**
 * The newest traces, in memory. The oldest trace is dropped first, and as a whole. One that alone is larger than
 * the limits is dropped too. Spans are returned as they were sent: readers merge pieces (`mergeSpans`), as with Zipkin.
 */
export class TraceStore {
  /** By low trace id, in order of arrival. */
  private readonly stored = new Map<string, StoredTrace>();
  private readonly texts = new StringTable();
  private readonly names = new NamesIndex();
  private readonly maxSpans: number;
  private readonly maxBytes: number;
  private readonly maxTraceSpans: number;
  private recordBytes = 0;
  private spans = 0;

  constructor({
    maxSpans = 20_000,
    maxBytes = 12 * 1024 * 1024,
    maxTraceSpans = 2000,
  }: TraceStoreLimits = {}) {
    this.maxTraceSpans = maxTraceSpans;
    this.maxSpans = maxSpans;
    this.maxBytes = maxBytes;
  }

  get spanCount(): number {
    return this.spans;
  }

  /** Estimated. */
  get bytes(): number {
    return this.recordBytes + this.texts.bytes + this.stored.size * TRACE_OVERHEAD_BYTES;
  }

  accept(spans: readonly Span[]): void {
    for (const span of spans) this.add(span);
    for (const [lowId, trace] of this.stored) {
      if (this.spans <= this.maxSpans && this.bytes <= this.maxBytes) return;
      for (const record of trace.records) this.forget(record);
      this.stored.delete(lowId);
    }
  }

  serviceNames(): string[] {
    return this.names.serviceNames();
  }

  spanNames(serviceName: string): string[] {
    return this.names.spanNames(serviceName.toLowerCase());
  }

  remoteServiceNames(serviceName: string): string[] {
    return this.names.remoteServiceNames(serviceName.toLowerCase());
  }

  /** The spans of exactly this id: 64 bits do not find a trace of 128 (Zipkin's `strictTraceId`). Empty when there are none. */
  trace(traceId: string): Span[] {
    const trace = this.stored.get(lowTraceId(traceId));
    return trace ? this.decode(trace).filter((span) => span.traceId === traceId) : [];
  }

  /** Newest first. */
  traces(query: TraceQuery): Span[][] {
    const found: Span[][] = [];
    for (const trace of this.newestFirst(query.endTs, query.lookback)) {
      if (found.length >= query.limit) break;
      const byId = Map.groupBy(this.decode(trace), (span) => span.traceId);
      found.push(...[...byId.values()].filter((spans) => matches(spans, query)));
    }
    return found;
  }

  /**
   * Edges of all traces with a span in that time (milliseconds). Here 64 bits of the trace id are enough:
   * otherwise a trace whose id one service has cut would count twice.
   */
  dependencies(endTs: number, lookback: number): DependencyLink[] {
    const traces = this.newestFirst(endTs, lookback);
    return sumCalls(traces.flatMap((trace) => (trace.calls ??= callsOf(this.decode(trace)))));
  }

  private newestFirst(endTs: number, lookback: number): StoredTrace[] {
    return [...this.stored]
      .map(([lowId, trace]) => ({ lowId, trace, newest: newest(trace, endTs - lookback, endTs) }))
      .filter(({ newest }) => newest >= 0)
      .sort((a, b) => b.newest - a.newest || compareText(b.lowId, a.lowId))
      .map(({ trace }) => trace);
  }

  private add(span: Span): void {
    const lowId = lowTraceId(span.traceId);
    const trace = this.stored.get(lowId) ?? { records: new Set(), calls: undefined };
    if (trace.records.size >= this.maxTraceSpans) return;
    const record = encodeSpan(span, this.texts);
    if (trace.records.has(record)) {
      releaseTexts(record, this.texts);
      return;
    }
    trace.records.add(record);
    trace.calls = undefined;
    this.stored.set(lowId, trace);
    this.names.count(span, 1);
    this.recordBytes += record.length + SPAN_OVERHEAD_BYTES;
    this.spans++;
  }

  private forget(record: SpanRecord): void {
    this.names.count(releaseTexts(record, this.texts), -1);
    this.recordBytes -= record.length + SPAN_OVERHEAD_BYTES;
    this.spans--;
  }

  private decode(trace: StoredTrace): Span[] {
    return Array.from(trace.records, (record) => decodeSpan(record, this.texts));
  }
}

/** The latest time of the trace's spans in that range, in milliseconds; -1 when none is in it. A span without a time counts as 0. */
function newest(trace: StoredTrace, begin: number, end: number): number {
  let latest = -1;
  for (const record of trace.records) {
    const time = Math.floor(timestampOf(record) / 1000);
    if (time >= begin && time <= end && time > latest) latest = time;
  }
  return latest;
}
