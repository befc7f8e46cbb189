import { BackOff } from '@sockshop/resilience';
import type { Random } from './random.ts';

/** How long a shopper thinks before each request. */
export type Think =
  /** Exponentially distributed, as independent people arrive; 0: not at all. */
  | { meanMs: number }
  /** Evenly distributed. */
  | { minMs: number; maxMs: number };

/** A think time is at most this many times the mean, so that each shopper acts in a short run, too. */
const longestThought = 5;

export function thinkMs(think: Think, random: Random): number {
  if ('meanMs' in think) {
    return think.meanMs * Math.min(-Math.log(1 - random.next()), longestThought);
  }
  return random.between(think.minMs, think.maxMs);
}

/** Waits after failures: the back-off's, or the shop's `retry-after` when it is longer. */
export class FailurePause {
  private readonly backOff: BackOff;

  constructor(random: Random) {
    this.backOff = new BackOff({ firstMs: 250, longestMs: 5_000 }, () => random.next());
  }

  /** The next wait in ms; a `retry-after` counts up to 30 s. */
  nextMs(retryAfterMs = 0): number {
    return Math.max(this.backOff.nextMs(), Math.min(retryAfterMs, 30_000));
  }

  /** Starts with the first wait again. */
  reset(): void {
    this.backOff.reset();
  }
}
