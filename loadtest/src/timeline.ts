import { Histogram } from './histogram.ts';

/** Points at most; then two become one, so that a run of weeks has no more than one of minutes. */
const most = 240;

/** What happened in a stretch of the run. */
export interface Moment {
  latency: Histogram;
  errors: number;
  arrivals: number;
  dropped: number;
  /** Shoppers in the shop, at most at once. */
  shoppers: number;
}

/** The run in equal stretches, of a second at first. */
export class Timeline {
  /** In ms. */
  intervalMs = 1000;
  private readonly moments: (Moment | undefined)[] = [];

  /** The stretch around a moment of the run. */
  at(elapsedMs: number): Moment {
    while (elapsedMs >= most * this.intervalMs) this.halve();
    const index = Math.max(Math.floor(elapsedMs / this.intervalMs), 0);
    return (this.moments[index] ??= newMoment());
  }

  /** Its stretches become no shorter than this. */
  atLeast(intervalMs: number): void {
    while (this.intervalMs < intervalMs) this.halve();
  }

  /** Oldest first, those without anything too. */
  points(): Moment[] {
    return Array.from(this.moments, (moment) => moment ?? newMoment());
  }

  private halve(): void {
    const old = this.moments.splice(0);
    this.intervalMs *= 2;
    for (const [index, moment] of old.entries()) {
      if (moment) addMoment((this.moments[index >> 1] ??= newMoment()), moment);
    }
  }
}

export function addMoment(to: Moment, more: Moment): void {
  to.latency.add(more.latency);
  to.errors += more.errors;
  to.arrivals += more.arrivals;
  to.dropped += more.dropped;
  to.shoppers = Math.max(to.shoppers, more.shoppers);
}

export function newMoment(): Moment {
  return { latency: new Histogram(), errors: 0, arrivals: 0, dropped: 0, shoppers: 0 };
}
