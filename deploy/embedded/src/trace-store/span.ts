/** A span in Zipkin's v2 JSON, as posted, stored and returned. Times are in microseconds since the epoch. */
export interface Span {
  traceId: string;
  parentId?: string;
  id: string;
  kind?: Kind;
  name?: string;
  timestamp?: number;
  duration?: number;
  localEndpoint?: Endpoint;
  remoteEndpoint?: Endpoint;
  annotations?: Annotation[];
  tags?: Record<string, string>;
  debug?: true;
  /** Marks a server that continues its client's span id, as B3 allows. */
  shared?: true;
}

export const KINDS = ['CLIENT', 'SERVER', 'PRODUCER', 'CONSUMER'] as const;
export type Kind = (typeof KINDS)[number];

export interface Endpoint {
  serviceName?: string;
  ipv4?: string;
  ipv6?: string;
  port?: number;
}

export interface Annotation {
  timestamp: number;
  value: string;
}

/** Ids are lower-case hex: 16 digits for spans, 16 or 32 for traces. The error texts are Zipkin's. */
export function normalTraceId(traceId: string): string {
  if (traceId.length === 0) throw new MalformedError('traceId is empty');
  if (traceId.length > 32) throw new MalformedError('traceId.length > 32');
  assertLowerHex(traceId);
  if (/^0+$/.test(traceId)) throw new MalformedError('traceId is all zeros');
  const padded = traceId.padStart(traceId.length > 16 ? 32 : 16, '0');
  return padded.replace(/^0{16}(?=.{16}$)/, '');
}

/** Zipkin groups by the low 64 bits: a service that supports only 64 cuts off the rest. */
export function lowTraceId(traceId: string): string {
  return traceId.slice(-16);
}

export function assertLowerHex(id: string): void {
  if (!/^[0-9a-f]*$/.test(id)) {
    throw new MalformedError(`${id} should be lower-hex encoded with no prefix`);
  }
}

/** Sorted by time, then text, without duplicates. */
export function sortedAnnotations(annotations: readonly Annotation[]): Annotation[] {
  return annotations
    .toSorted((a, b) => a.timestamp - b.timestamp || compareText(a.value, b.value))
    .filter(
      (it, i, all) => it.timestamp !== all[i - 1]?.timestamp || it.value !== all[i - 1]?.value,
    );
}

/** Compares by UTF-16 code unit, like Java and unlike `localeCompare`. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** The request cannot be read. The message explains why to the sender. */
export class MalformedError extends Error {}
