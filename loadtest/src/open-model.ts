import { setTimeout } from 'node:timers/promises';
import { arrivals, type Phases } from './arrivals.ts';
import type { Mixture } from './journeys.ts';
import { Random } from './random.ts';
import { StoppedError } from './session.ts';
import { RequestFailedError } from './shop-client.ts';
import type { Shopper } from './shopper.ts';
import type { Tally } from './tally.ts';

/** Later than this, an arrival counts as late, in ms: a timer's own error is below. */
const lateMs = 50;
/** After so many arrivals at one moment, responses are read. */
const burst = 50;

interface Arrival {
  readonly number: number;
  /** When it was to begin, as `performance.now()`. */
  readonly at: number;
}

interface Parts {
  readonly newShopper: (number: number) => Shopper;
  /** At most so many at once; as many more wait for one of them to leave. Those beyond do not come, which is counted. */
  readonly most: number;
  readonly mixture: Mixture;
  readonly seed: number;
  readonly tally: Tally;
  /** Whether an error that is no failed request is a mistake of this program. */
  readonly isBug: () => boolean;
}

/**
 * Shoppers arrive whatever the shop does. Each latency counts from the moment at which the visit was to begin: a shop that stalls cannot
 * hide it by keeping the shoppers from asking.
 */
export class OpenModel {
  private readonly free: Shopper[] = [];
  private readonly waiting: Arrival[] = [];
  private readonly running = new Set<Promise<void>>();
  /** Aborts at a mistake of this program. */
  private readonly broken = new AbortController();
  private made = 0;

  constructor(private readonly parts: Parts) {}

  /** Until the last arrival, or until stopped; then all that began has ended. */
  async run(phases: Phases, stop: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([stop, this.broken.signal]);
    const start = performance.now();
    let number = 0;
    for (const afterMs of arrivals(phases, new Random(this.parts.seed))) {
      const at = start + afterMs;
      const ms = at - performance.now();
      number += 1;
      if (ms > 0 || number % burst === 0)
        await setTimeout(Math.max(ms, 0), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) break;
      this.admit({ number, at });
    }
    while (this.running.size > 0) await Promise.all(this.running);
    this.broken.signal.throwIfAborted();
  }

  private admit(arrival: Arrival): void {
    const { tally, most } = this.parts;
    tally.arrived();
    const shopper = this.free.pop() ?? (this.made < most ? this.another() : undefined);
    if (shopper) this.begin(shopper, arrival);
    else if (this.waiting.length < most) this.waiting.push(arrival);
    else tally.dropped();
  }

  private another(): Shopper {
    this.made += 1;
    return this.parts.newShopper(this.made);
  }

  private begin(shopper: Shopper, arrival: Arrival): void {
    const visit = this.visit(shopper, arrival)
      .catch((error: unknown) => {
        if (this.parts.isBug()) this.broken.abort(error);
      })
      .finally(() => this.running.delete(visit));
    this.running.add(visit);
  }

  private async visit(shopper: Shopper, { number, at }: Arrival): Promise<void> {
    const { seed, mixture, tally } = this.parts;
    if (performance.now() - at > lateMs) tally.late();
    // A stream of its own: the choices of an arrival depend on no other.
    const random = (shopper.session.random = new Random(seed, number));
    try {
      await shopper.visit(random.weighted(mixture), at);
    } catch (error) {
      if (error instanceof StoppedError) return;
      if (!(error instanceof RequestFailedError)) throw error;
    }
    const next = this.waiting.shift();
    if (next) this.begin(shopper, next);
    else this.free.push(shopper);
  }
}
