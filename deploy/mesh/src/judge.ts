/** What a version must keep to get more of the requests. */
export interface Pledge {
  /** 0.01: one of 100. */
  readonly maxErrorRate: number;
  readonly maxP95Ms?: number | undefined;
  /** A step is judged after so many. */
  readonly requests: number;
}

export interface Measured {
  readonly requests: number;
  readonly errors: number;
  readonly p95Ms?: number | undefined;
}

/** `why`: how the pledge is broken. */
export type Verdict = { kept: boolean } | { why: string };

/** Not kept yet: too few requests. Errors break the pledge as soon as the requests still to come cannot mend it. */
export function judge(measured: Measured, pledge: Pledge): Verdict {
  const { requests, errors, p95Ms } = measured;
  const { maxErrorRate, maxP95Ms, requests: enough } = pledge;
  const judged = Math.max(requests, enough);
  if (errors > maxErrorRate * judged) {
    const rate = percent(errors / Math.max(requests, 1));
    const of = requests < enough ? `, more than ${percent(maxErrorRate)} of ${enough}` : '';
    return {
      why: `${errors} of ${requests} requests failed (${rate}${of}; allowed: ${percent(maxErrorRate)})`,
    };
  }
  if (requests < enough) return { kept: false };
  if (maxP95Ms !== undefined && p95Ms !== undefined && p95Ms > maxP95Ms)
    return {
      why: `the p95 of ${requests} requests is ${p95Ms.toFixed(0)} ms (allowed: ${maxP95Ms} ms)`,
    };
  return { kept: true };
}

/** `1 %`, `0.5 %`. */
export function percent(rate: number): string {
  return `${Number((rate * 100).toFixed(1))} %`;
}
