/** Upper edge of the first bucket, in ms. */
const lowestMs = 0.1;
/** Each bucket ends 5 % above the one before: the error of a percentile is at most that. */
const growth = 1.05;
/** The last bucket ends at 120 s and takes everything slower. */
const buckets = 288;

/** Latencies in buckets of growing width: 2.3 kB, however many are recorded. */
export class Histogram {
  private readonly counts = new Float64Array(buckets);
  private total = 0;
  private slowestMs = 0;

  get count(): number {
    return this.total;
  }

  get maxMs(): number {
    return this.slowestMs;
  }

  record(ms: number): void {
    const bucket = Math.ceil(Math.log(Math.max(ms, lowestMs) / lowestMs) / Math.log(growth));
    const index = Math.min(bucket, buckets - 1);
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.total += 1;
    this.slowestMs = Math.max(this.slowestMs, ms);
  }

  /** The latency in ms that `share` (0 to 1) of the recorded ones do not exceed; 0 when there are none. */
  percentile(share: number): number {
    let left = share * this.total;
    for (const [index, count] of this.counts.entries()) {
      left -= count;
      if (count > 0 && left <= 0) return Math.min(lowestMs * growth ** index, this.slowestMs);
    }
    return this.slowestMs;
  }
}
