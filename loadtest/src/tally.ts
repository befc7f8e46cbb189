import { Histogram } from './histogram.ts';
import type { CartChange, Checkout, Journal } from './journal.ts';
import { Timeline } from './timeline.ts';

/** `business`: the shop rightly refused (a declined payment); the request did not fail. */
export type Outcome = 'ok' | 'business' | 'error';

/** One answer, or the lack of one. */
export interface Result {
  /** '' outside of one. */
  journey: string;
  route: string;
  /** HTTP status, `201 bad body`, or the code of a network error such as `ECONNREFUSED`. */
  status: string;
  outcome: Outcome;
  /** From when it was to be sent until the whole body was there. */
  ms: number;
  /** What went wrong, for people. */
  detail: string;
  /** As the answer names it; '' where it does not. */
  traceId: string;
}

export interface PlacedOrder extends Checkout {
  id: string;
  /** US dollars. */
  total: number;
}

/** Requests of one route with one status. */
export interface Line {
  route: string;
  status: string;
  outcome: Outcome;
  latency: Histogram;
  /** The last one, and its trace. */
  detail: string;
  traceId: string;
}

/** Visits of one kind. */
export interface JourneyLine {
  done: number;
  failed: number;
  /** How long the shopper waited for the shop in a visit. */
  latency: Histogram;
  /** By route. */
  steps: Map<string, Histogram>;
}

/** Gets everything as it is counted. */
export interface Watcher {
  recorded: (result: Result) => void;
  visited: (journey: string, ms: number, done: boolean) => void;
}

const longestDetail = 160;

/** Counts everything that happens. Its size depends on the number of routes and journeys, not of requests. */
export class Tally {
  readonly lines = new Map<string, Line>();
  readonly journeys = new Map<string, JourneyLine>();
  timeline = new Timeline();
  all = new Histogram();
  readonly orders: PlacedOrder[] = [];
  readonly unanswered: Checkout[] = [];
  readonly counts = {
    placed: 0,
    declined: 0,
    withoutCart: 0,
    unanswered: 0,
    errors: 0,
    arrivals: 0,
    late: 0,
    dropped: 0,
  };
  slowest: Result | undefined;
  /** Shoppers in the shop, those of them that wait after a failure, and the last such failure. */
  readonly now = { shoppers: 0, backingOff: 0, cause: '' };
  private startedAt = performance.now();
  private watcher: Watcher | undefined;

  /** Order ids are kept only if they will be read: they grow with the length of the run. */
  constructor(
    private readonly keepOrders = false,
    private readonly journal?: Journal,
  ) {}

  /** The run begins now. */
  begin(): void {
    this.startedAt = performance.now();
  }

  /** What was counted until now is no part of the run, which begins now. */
  restart(): void {
    this.begin();
    this.lines.clear();
    this.journeys.clear();
    this.timeline = new Timeline();
    this.all = new Histogram();
    this.slowest = undefined;
    this.orders.length = this.unanswered.length = 0;
    for (const name of Object.keys(this.counts) as (keyof typeof this.counts)[])
      this.counts[name] = 0;
  }

  watch(watcher: Watcher): void {
    this.watcher = watcher;
  }

  record(result: Result): void {
    this.watcher?.recorded(result);
    const { journey, route, status, outcome, ms, detail, traceId } = result;
    const line = this.line(route, status, outcome);
    line.latency.record(ms);
    line.detail = detail.slice(0, longestDetail);
    line.traceId = traceId;
    if (traceId !== '' && ms > (this.slowest?.ms ?? 0)) this.slowest = result;
    this.all.record(ms);
    if (journey !== '') this.step(this.journey(journey), route).record(ms);
    const moment = this.moment();
    moment.latency.record(ms);
    if (outcome !== 'error') return;
    this.counts.errors += 1;
    moment.errors += 1;
  }

  /** A visit ended. @param ms the time that the shopper waited for the shop */
  visited(name: string, ms: number, done: boolean): void {
    this.watcher?.visited(name, ms, done);
    const journey = this.journey(name);
    journey.latency.record(ms);
    if (done) journey.done += 1;
    else journey.failed += 1;
  }

  /** Someone came (`change` 1) or left (-1). */
  inShop(change: 1 | -1): void {
    this.now.shoppers += change;
    const moment = this.moment();
    moment.shoppers = Math.max(moment.shoppers, this.now.shoppers);
  }

  /** A shopper waits after a failure (`change` 1), or goes on (-1). */
  backingOff(change: 1 | -1, cause = this.now.cause): void {
    this.now.backingOff += change;
    this.now.cause = cause;
  }

  /** A shopper was to come. */
  arrived(): void {
    this.counts.arrivals += 1;
    this.moment().arrivals += 1;
  }

  /** It came later than it was to: it waited for another one to leave, or this program was too busy. */
  late(): void {
    this.counts.late += 1;
  }

  /** It did not come: too many were there, and too many waited. */
  dropped(): void {
    this.counts.dropped += 1;
    this.moment().dropped += 1;
  }

  /** An order the shop acknowledged with 201. */
  placed(order: PlacedOrder): void {
    this.counts.placed += 1;
    if (this.keepOrders) this.orders.push(order);
    this.journal?.write({ event: 'checkout', ...order });
  }

  /** The payment was refused: too much for one order. */
  declined(): void {
    this.counts.declined += 1;
  }

  /** Another shopper of the same account had emptied or changed the cart. */
  withoutCart(): void {
    this.counts.withoutCart += 1;
  }

  /** The shopper gave up on a checkout; it is unknown whether there is an order. */
  leftUnanswered(checkout: Checkout): void {
    this.counts.unanswered += 1;
    if (this.keepOrders) this.unanswered.push(checkout);
    this.journal?.write({ event: 'checkout', ...checkout, fate: 'unknown' });
  }

  cartChanged(change: CartChange): void {
    this.journal?.write({ event: 'cart', ...change });
  }

  /** The 95th percentile in ms of all requests, of a journey's visits, or of a route's requests; undefined where there were none. */
  p95(of: string | undefined): number | undefined {
    const latency = of === undefined ? this.all : this.latencyOf(of);
    return latency.count === 0 ? undefined : latency.percentile(0.95);
  }

  line(route: string, status: string, outcome: Outcome): Line {
    const key = `${route} ${status} ${outcome}`;
    let line = this.lines.get(key);
    if (!line) {
      line = { route, status, outcome, latency: new Histogram(), detail: '', traceId: '' };
      this.lines.set(key, line);
    }
    return line;
  }

  journey(name: string): JourneyLine {
    let line = this.journeys.get(name);
    if (!line) {
      line = { done: 0, failed: 0, latency: new Histogram(), steps: new Map() };
      this.journeys.set(name, line);
    }
    return line;
  }

  step({ steps }: JourneyLine, route: string): Histogram {
    const step = steps.get(route) ?? new Histogram();
    steps.set(route, step);
    return step;
  }

  private latencyOf(of: string): Histogram {
    const sum = new Histogram();
    const journey = this.journeys.get(of);
    if (journey) sum.add(journey.latency);
    for (const line of this.lines.values()) if (line.route === of) sum.add(line.latency);
    return sum;
  }

  private moment() {
    return this.timeline.at(performance.now() - this.startedAt);
  }
}
