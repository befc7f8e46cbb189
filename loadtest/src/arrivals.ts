import type { Random } from './random.ts';

/** A stretch of time in which the rate grows or falls evenly, or stays. */
export interface Stretch {
  readonly ms: number;
  /** Arrivals per second. */
  readonly from: number;
  readonly to: number;
}

/** What a file of phases says. */
export interface Phases {
  readonly stretches: readonly Stretch[];
  /** After the last one, the first one begins anew. */
  readonly repeat: boolean;
}

/** The same rate, for ever where nothing else is said. */
export function steady(rate: number, ms = Infinity): Phases {
  return { stretches: [{ ms, from: rate, to: rate }], repeat: false };
}

/** The stretches in their order, again and again where they repeat. */
function* course({ stretches, repeat }: Phases): Generator<Stretch> {
  do yield* stretches;
  while (repeat);
}

/**
 * The times at which independent people come (a Poisson process) while the rate changes. Each waits for an exponentially distributed
 * part of the *expected arrivals*, so that the rate at any moment is the one asked for.
 */
export function* arrivals(phases: Phases, random: Random): Generator<number> {
  let startMs = 0;
  let wanted = expected(random);
  for (const { ms, from, to } of course(phases)) {
    const all = ((from + to) / 2) * (ms / 1000);
    let passed = 0;
    while (passed + wanted <= all) {
      passed += wanted;
      yield startMs + momentOf(passed, ms, from, to);
      wanted = expected(random);
    }
    wanted -= all - passed;
    startMs += ms;
  }
}

/** The arrivals, in the mean one, that are expected until the next one. */
function expected(random: Random): number {
  return -Math.log(1 - random.next());
}

/** When that many are expected to have come: where the area below the line of the rate is `count`. In ms. */
function momentOf(count: number, ms: number, from: number, to: number): number {
  const slope = (to - from) / (ms / 1000);
  // The area is from·t + slope·t²/2. This form of the root also holds for a slope of 0.
  const root = Math.sqrt(Math.max(from * from + 2 * slope * count, 0));
  return Math.min(((2 * count) / (from + root)) * 1000, ms);
}
