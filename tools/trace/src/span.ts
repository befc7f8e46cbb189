/** A span, whichever form it was recorded in. What only one form has is undefined in the other. */
export interface Span {
  readonly form: 'zipkin' | 'otlp';
  /** In small letters, with as many digits as were written: 16 or 32 where it is well-formed. */
  readonly traceId: string;
  readonly id: string;
  /** Undefined on a root. */
  readonly parentId: string | undefined;
  readonly name: string;
  readonly kind: Kind;
  /** Microseconds since the epoch; NaN where it is missing or cannot be read. */
  readonly startUs: number;
  /** Microseconds; NaN where it is missing or cannot be read. */
  readonly durationUs: number;
  /** Empty where it is missing. */
  readonly service: string;
  readonly local: Endpoint | undefined;
  readonly remote: Endpoint | undefined;
  /** Of Zipkin, all are texts. */
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly status: Status;
  /** Undefined where there is none. */
  readonly statusMessage: string | undefined;
  /** Of OTLP. Spans of one process share the object. */
  readonly resource: Resource | undefined;
  /** Of OTLP, or of Zipkin's `otel.scope` tags. */
  readonly scope: Scope | undefined;
  readonly dropped: Dropped;
  readonly traceState: string;
  /** OTLP's: the W3C flags, 0x100 and 0x200 (whether the parent is known to be remote). 0 in Zipkin. */
  readonly flags: number;
  /** Zipkin's. */
  readonly debug: boolean;
  /** Zipkin's: a server that continues its client's span id. */
  readonly shared: boolean;
  /** What its form does not allow, in words without values. */
  readonly flaws: readonly string[];
}

export const KINDS = ['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'] as const;
export type Kind = (typeof KINDS)[number];
export type Status = 'UNSET' | 'OK' | 'ERROR';

export type Value =
  string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };
export type Attributes = Readonly<Record<string, Value>>;

export interface Endpoint {
  readonly name: string | undefined;
  readonly address: string | undefined;
  readonly port: number | undefined;
}

export interface SpanEvent {
  readonly name: string;
  readonly timeUs: number;
  readonly attributes: Attributes;
  readonly dropped: number;
}

export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Attributes;
}

export interface Resource {
  readonly attributes: Attributes;
  readonly schemaUrl: string;
}

export interface Scope {
  readonly name: string;
  readonly version: string;
  readonly schemaUrl: string;
}

/** What the limits of the SDK cut off. */
export interface Dropped {
  readonly attributes: number;
  readonly events: number;
  readonly links: number;
}

export const NOTHING_DROPPED: Dropped = { attributes: 0, events: 0, links: 0 };

/** The spans of a trace belong together by the low 64 bits of its id, as in Zipkin: a 64-bit service cuts off the others. */
export function traceKey({ traceId }: Span): string {
  return traceId.slice(-16).padStart(16, '0');
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
