import type { Random } from './random.ts';

/** How long a shopper thinks before each request. */
export type Think =
  /** Exponentially distributed, as independent people arrive; 0: not at all. */
  | { meanMs: number }
  /** Evenly distributed. */
  | { minMs: number; maxMs: number };

/** A long thought ends at this many means, so that no shopper drops out of a short run. */
const longestThought = 5;

export function thinkMs(think: Think, random: Random): number {
  if ('meanMs' in think) {
    return think.meanMs * Math.min(-Math.log(1 - random.next()), longestThought);
  }
  return random.between(think.minMs, think.maxMs);
}

/** Waits between attempts: doubling from 250 ms to 5 s, between half and all of it by chance. */
export class Backoff {
  private attempts = 0;

  constructor(private readonly random: Random) {}

  /** The next wait in ms. A `retry-after` of the shop lengthens it, up to 30 s. */
  nextMs(retryAfterMs = 0): number {
    const longestMs = Math.min(250 * 2 ** this.attempts, 5_000);
    this.attempts += 1;
    return Math.max(longestMs * (0.5 + this.random.next() / 2), Math.min(retryAfterMs, 30_000));
  }

  reset(): void {
    this.attempts = 0;
  }
}
