/** The ids of a span. */
export interface SpanIds {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

/** A measurement that stands for others of its bucket, and the span in which it was taken. */
export interface Exemplar {
  readonly span: SpanIds | undefined;
  readonly value: number;
  /** Since 1970. */
  readonly timeMs: number;
}

/** Which measurements may be examples: those of sampled traces, all, or none. */
export type ExemplarFilter = 'trace_based' | 'always_on' | 'always_off';

/** Chooses the examples of a service's histograms. */
export class ExemplarChoice {
  constructor(
    private readonly filter: ExemplarFilter,
    private readonly activeSpan: () => SpanIds | undefined,
  ) {}

  /** The measurement as an example, or undefined if it is none. `span`: where it is not the active one. */
  of(value: number, span: SpanIds | undefined): Exemplar | undefined {
    if (this.filter === 'always_off') return undefined;
    const ids = span ?? this.activeSpan();
    const sampled = ids !== undefined && (ids.traceFlags & 1) === 1;
    if (!sampled && this.filter === 'trace_based') return undefined;
    return { span: sampled ? ids : undefined, value, timeMs: Date.now() };
  }
}

export const NO_EXEMPLARS = new ExemplarChoice('always_off', () => undefined);
