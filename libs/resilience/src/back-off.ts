export interface Waits {
  /** Upper bound of the first wait, in ms. Each further bound is twice the one before. */
  readonly firstMs: number;
  /** No bound is longer than this. */
  readonly longestMs: number;
  /** An attempt that lasted longer than this starts with the first wait again. Default: none does. */
  readonly steadyMs?: number;
}

/**
 * The waits between attempts. They double up to a bound, and half of each is random, so that many clients of a server that
 * restarts do not all come back in the same moment.
 */
export class BackOff {
  private failures = 0;

  /** `random` returns a number from 0 to 1, as `Math.random` does. */
  constructor(
    private readonly waits: Waits,
    private readonly random: () => number = Math.random,
  ) {}

  /** Milliseconds to wait after a failed attempt that lasted `lastedMs`. */
  nextMs(lastedMs = 0): number {
    const { firstMs, longestMs, steadyMs = Infinity } = this.waits;
    if (lastedMs > steadyMs) this.reset();
    const boundMs = Math.min(longestMs, firstMs * 2 ** this.failures);
    this.failures += 1;
    return boundMs * (0.5 + this.random() / 2);
  }

  /** Starts with the first wait again. */
  reset(): void {
    this.failures = 0;
  }
}
