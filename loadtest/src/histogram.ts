import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram as Hdr,
} from 'hdr-histogram-js';

/** Longer ones count as so long, in ms. */
const longestMs = 3_600_000;

/** Latencies, exact to 1 %, however many are recorded: an HDR histogram of microseconds, of some kB. */
export class Histogram {
  private readonly hdr: Hdr = build({
    bitBucketSize: 32,
    autoResize: true,
    lowestDiscernibleValue: 1,
    highestTrackableValue: 1_000_000,
    numberOfSignificantValueDigits: 2,
    useWebAssembly: false,
  });
  private slowestMs = 0;

  /** What `encoded` made: HdrHistogram's own form (V2, compressed, base64), which its other tools read, too. */
  static decoded(text: string): Histogram {
    const decoded = decodeFromCompressedBase64(text, 32);
    const histogram = new Histogram();
    histogram.hdr.add(decoded);
    histogram.slowestMs = decoded.maxValue / 1000;
    return histogram;
  }

  get count(): number {
    return this.hdr.totalCount;
  }

  get maxMs(): number {
    return this.slowestMs;
  }

  record(ms: number): void {
    const bounded = Math.min(Math.max(ms, 0), longestMs);
    this.hdr.recordValue(Math.ceil(bounded * 1000));
    this.slowestMs = Math.max(this.slowestMs, ms);
  }

  add(other: Histogram): void {
    this.hdr.add(other.hdr);
    this.slowestMs = Math.max(this.slowestMs, other.slowestMs);
  }

  /** The latency in ms that `share` (0 to 1) of the recorded ones do not exceed; 0 when there are none. */
  percentile(share: number): number {
    if (this.count === 0) return 0;
    return Math.min(this.hdr.getValueAtPercentile(share * 100) / 1000, this.slowestMs);
  }

  encoded(): string {
    return encodeIntoCompressedBase64(this.hdr);
  }
}
