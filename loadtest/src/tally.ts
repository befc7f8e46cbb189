import { Histogram } from './histogram.ts';
import type { CartChange, Checkout, Journal } from './journal.ts';

/** `business`: the shop rightly refused (a declined payment); the request did not fail. */
export type Outcome = 'ok' | 'business' | 'error';

/** One answer, or the lack of one. */
export interface Result {
  route: string;
  /** HTTP status, `201 bad body`, or the code of a network error such as `ECONNREFUSED`. */
  status: string;
  outcome: Outcome;
  /** Until the whole body was there. */
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

interface Line {
  route: string;
  status: string;
  outcome: Outcome;
  latency: Histogram;
  /** The last one, and its trace. */
  detail: string;
  traceId: string;
}

const longestDetail = 160;

/** Counts everything that happens. Its size depends on the number of routes, not of requests. */
export class Tally {
  private readonly lines = new Map<string, Line>();
  private readonly all = new Histogram();
  private slowest: Result | undefined;
  private readonly orders: PlacedOrder[] = [];
  private readonly unanswered: Checkout[] = [];
  private readonly counts = { placed: 0, declined: 0, withoutCart: 0, unanswered: 0, errors: 0 };

  /** Order ids are kept only if they will be read: they grow with the length of the run. */
  constructor(
    private readonly keepOrders = false,
    private readonly journal?: Journal,
  ) {}

  record(result: Result): void {
    const { route, status, outcome, ms, detail, traceId } = result;
    const key = `${route} ${status} ${outcome}`;
    let line = this.lines.get(key);
    if (!line) {
      line = { route, status, outcome, latency: new Histogram(), detail: '', traceId: '' };
      this.lines.set(key, line);
    }
    line.latency.record(ms);
    line.detail = detail.slice(0, longestDetail);
    line.traceId = traceId;
    if (traceId !== '' && ms > (this.slowest?.ms ?? 0)) this.slowest = result;
    this.all.record(ms);
    if (outcome === 'error') this.counts.errors += 1;
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

  /** @param elapsedMs the time the rates are taken over */
  summary(elapsedMs: number) {
    const seconds = Math.max(elapsedMs, 1) / 1000;
    const figures = (latency: Histogram) => ({
      count: latency.count,
      perSecond: round(latency.count / seconds),
      p50Ms: round(latency.percentile(0.5)),
      p95Ms: round(latency.percentile(0.95)),
      p99Ms: round(latency.percentile(0.99)),
      maxMs: round(latency.maxMs),
    });
    const lines = [...this.lines.values()].map(({ latency, ...line }) => ({
      ...line,
      ...figures(latency),
    }));
    lines.sort((a, b) => byText(a.route, b.route) || byText(a.status, b.status));
    const { placed, declined, withoutCart, unanswered, errors } = this.counts;
    return {
      elapsedSeconds: round(seconds),
      requests: figures(this.all),
      ordersPlaced: placed,
      ordersDeclined: declined,
      ordersWithoutCart: withoutCart,
      checkoutsUnanswered: unanswered,
      errors,
      routes: lines,
      /** Of the answers that name their trace; null where none does. */
      slowest: this.slowest ? { ...this.slowest, ms: round(this.slowest.ms) } : null,
      orders: [...this.orders],
      unanswered: [...this.unanswered],
    };
  }
}

export type Summary = ReturnType<Tally['summary']>;

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
