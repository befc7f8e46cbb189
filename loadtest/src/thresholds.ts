import type { LatencyLimit } from './option-values.ts';
import { errorRate, type Summary } from './summary.ts';

/** A promise about the run, and whether it held. */
export interface Threshold {
  /** For people: `p95 of buy`. */
  readonly name: string;
  readonly limit: string;
  readonly found: string;
  readonly held: boolean;
}

export interface Promises {
  readonly maxErrorRate: number | undefined;
  readonly p95: readonly LatencyLimit[];
}

/** Each promise with what the run shows. One about something that never happened is not held. */
export function thresholdsOf(
  { maxErrorRate, p95 }: Promises,
  summary: Summary,
  latency: (of: string | undefined) => number | undefined,
): Threshold[] {
  const rate = errorRate(summary);
  const errors =
    maxErrorRate === undefined
      ? []
      : [
          {
            name: 'error rate',
            limit: percent(maxErrorRate),
            found: percent(rate),
            held: rate <= maxErrorRate,
          },
        ];
  return [
    ...errors,
    ...p95.map(({ of, ms }) => {
      const found = latency(of);
      return {
        name: of === undefined ? 'p95' : `p95 of ${of}`,
        limit: `${ms} ms`,
        found: found === undefined ? 'none' : `${found.toFixed(1)} ms`,
        held: found !== undefined && found <= ms,
      };
    }),
  ];
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(3))}%`;
}
