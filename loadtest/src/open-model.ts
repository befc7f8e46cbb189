import { setTimeout } from 'node:timers/promises';
import { arrivals, type Phases } from './arrivals.ts';
import type { Crowd } from './crowd.ts';
import type { Options } from './options.ts';
import { Random } from './random.ts';
import { StoppedError } from './session.ts';
import { RequestFailedError } from './shop-client.ts';
import type { Shopper } from './shopper.ts';

/** Later than this, an arrival counts as late, in ms: a timer's own error is below. */
const lateMs = 50;
/** After so many arrivals at one moment, responses are read. */
const burst = 50;

interface Arrival {
  readonly number: number;
  /** When it was to begin, as `performance.now()`. */
  readonly at: number;
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

  /** At most `options.shoppers` at once; as many more wait for one of them to leave. Those beyond do not come, which is counted. */
  constructor(
    private readonly crowd: Crowd,
    private readonly options: Pick<Options, 'shoppers' | 'mixture' | 'seed'>,
  ) {}

  /** Until the last arrival, or until stopped; then all that began has ended. */
  async run(phases: Phases, stop: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([stop, this.broken.signal]);
    const start = performance.now();
    let number = 0;
    for (const afterMs of arrivals(phases, new Random(this.options.seed))) {
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
    const { tally } = this.crowd;
    const { shoppers: most } = this.options;
    tally.arrived();
    const shopper = this.free.pop() ?? (this.made < most ? this.another() : undefined);
    if (shopper) this.begin(shopper, arrival);
    else if (this.waiting.length < most) this.waiting.push(arrival);
    else tally.dropped();
  }

  private another(): Shopper {
    this.made += 1;
    return this.crowd.newShopper(this.made);
  }

  private begin(shopper: Shopper, arrival: Arrival): void {
    const visit = this.visit(shopper, arrival)
      .catch((error: unknown) => {
        if (this.crowd.isBug()) this.broken.abort(error);
      })
      .finally(() => this.running.delete(visit));
    this.running.add(visit);
  }

  private async visit(shopper: Shopper, { number, at }: Arrival): Promise<void> {
    const { seed, mixture } = this.options;
    if (performance.now() - at > lateMs) this.crowd.tally.late();
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
