import { failed, nameOf, refused, remoteOf, serviceOf, type ZipkinSpan } from './zipkin-span.ts';

/** What is kept of a span while the traffic is being watched. Times in milliseconds. */
export interface SeenSpan {
  readonly trace: string;
  readonly id: string;
  readonly parentId: string | undefined;
  readonly kind: ZipkinSpan['kind'];
  readonly name: string;
  readonly service: string;
  readonly remote: string | undefined;
  readonly startMs: number;
  readonly durationMs: number;
  /** A refusal (4xx) is none: the called side works. Zipkin's service map does not count it either. */
  readonly failed: boolean;
  readonly version: string | undefined;
  /** Of the process that made the span. */
  readonly instance: string | undefined;
  /** The database's or broker's kind, such as `mongodb`, where the span is a call of one. */
  readonly database: string | undefined;
  readonly broker: string | undefined;
}

export const WINDOW_MS = 300_000;
const MAX_SPANS = 20_000;

/** The newest spans, each once however often it is read. Older than five minutes, or beyond the limit, they are forgotten. */
export class TrafficWindow {
  private readonly seen = new Map<string, SeenSpan>();

  constructor(private readonly maxSpans = MAX_SPANS) {}

  add(spans: readonly ZipkinSpan[]): void {
    for (const span of spans) {
      const key = `${span.traceId.slice(-16)}${span.id}${span.kind ?? ''}`;
      if (!this.seen.has(key)) this.seen.set(key, seenSpan(span));
    }
  }

  /** Forgets what began before `sinceMs`, and the oldest beyond the limit; whether there were such. */
  prune(sinceMs: number): boolean {
    for (const [key, { startMs }] of this.seen) if (startMs < sinceMs) this.seen.delete(key);
    const excess = this.seen.size - this.maxSpans;
    if (excess <= 0) return false;
    const byAge = [...this.seen].sort(([, one], [, other]) => one.startMs - other.startMs);
    for (const [key] of byAge.slice(0, excess)) this.seen.delete(key);
    return true;
  }

  /** When the oldest of them began; 0 where there is none. */
  get oldestMs(): number {
    let oldest = Infinity;
    for (const { startMs } of this.seen.values()) oldest = Math.min(oldest, startMs);
    return oldest === Infinity ? 0 : oldest;
  }

  clear(): void {
    this.seen.clear();
  }

  spans(): SeenSpan[] {
    return [...this.seen.values()];
  }
}

export function seenSpan(span: ZipkinSpan): SeenSpan {
  const { tags } = span;
  return {
    trace: span.traceId.slice(-16), // some services know only that half of it
    id: span.id,
    parentId: span.parentId,
    kind: span.kind,
    name: nameOf(span),
    service: serviceOf(span),
    remote: remoteOf(span),
    startMs: span.timestamp / 1000,
    durationMs: span.duration / 1000,
    failed: failed(span) && !refused(span),
    version: tags['service.version'],
    instance: tags['service.instance.id'],
    database: tags['db.system.name'] ?? tags['db.system'],
    broker: tags['messaging.system'],
  };
}
