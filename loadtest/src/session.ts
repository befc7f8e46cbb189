import { setTimeout } from 'node:timers/promises';
import type { Account } from './account.ts';
import type { Fate } from './journal.ts';
import { thinkMs, type Think } from './pace.ts';
import type { Random } from './random.ts';
import { login, type Route } from './routes.ts';
import { type Answer, type Ask, RequestFailedError, type ShopClient } from './shop-client.ts';
import type { Tally } from './tally.ts';
import type { VisitSpan } from './visit-spans.ts';

/** The run is over: nothing more is sent. */
export class StoppedError extends Error {}

/** One shopper: its account, its choices and its pace. */
export class Session {
  /** Its newest order. */
  lastOrder: string | undefined;
  /** How long it has waited for the shop since the visit began, in ms: without its own think times. */
  waitedMs = 0;
  private journey = '';
  private span: VisitSpan | undefined;
  /** When the next request was to be sent; undefined: as soon as it is. */
  private intendedAt: number | undefined;

  constructor(
    public account: Account,
    public random: Random,
    private readonly client: ShopClient,
    private readonly think: Think,
    private readonly stop: AbortSignal,
    private readonly tally: Tally,
    /** It knows no more than the original's load test: no keys of checkouts. */
    readonly original = false,
  ) {}

  /**
   * A visit begins. @param intendedAt when it was to begin: its first request is sent at once, and its latency counts from then.
   * Without it, the shopper thinks first. @param span where spans are made
   */
  begin(journey: string, intendedAt?: number, span?: VisitSpan): void {
    this.journey = journey;
    this.span = span;
    this.intendedAt = intendedAt;
    this.waitedMs = 0;
  }

  /** Thinks, then sends. */
  async ask<T>(route: Route<T>, ask?: Ask): Promise<Answer<T>> {
    if (this.intendedAt === undefined) await this.pause(thinkMs(this.think, this.random));
    return this.send(route, ask);
  }

  /** The body of an answer that has no alternative. */
  async get<T>(route: Route<T>, path?: string): Promise<T> {
    const answer = await this.ask(route, path === undefined ? {} : { path });
    if (answer.outcome === 'business') throw new TypeError(`${route.name} has no such answer`);
    return answer.body;
  }

  /** @throws RequestFailedError, StoppedError */
  async send<T>(route: Route<T>, ask?: Ask): Promise<Answer<T>> {
    if (this.stop.aborted) throw new StoppedError();
    const { journey, span, intendedAt = performance.now() } = this;
    this.intendedAt = undefined;
    try {
      return await this.client.send(route, ask, { journey, intendedAt, span });
    } finally {
      this.waitedMs += performance.now() - intendedAt;
    }
  }

  /** A request that changes the cart: the tally counts its outcome. @throws as `ask` */
  async change(route: Route<undefined>, item?: { id: string; quantity?: number }, ask: Ask = {}) {
    const { shopper, username } = this.account;
    const { id, quantity } = item ?? {};
    const count = (fate: Fate): void => {
      const about = {
        ...(id !== undefined && { item: id }),
        ...(quantity !== undefined && { quantity }),
      };
      this.tally.cartChanged({ shopper, username, route: route.name, ...about, fate });
    };
    try {
      const { outcome } = await this.ask(route, ask);
      count(outcome === 'ok' ? 'done' : 'refused');
    } catch (error) {
      if (!(error instanceof StoppedError))
        count(error instanceof RequestFailedError && error.refused ? 'refused' : 'unknown');
      throw error;
    }
  }

  async logIn({ username, password } = this.account): Promise<void> {
    const credentials = Buffer.from(`${username}:${password}`).toString('base64');
    await this.ask(login, { headers: { authorization: `Basic ${credentials}` } });
  }

  /** Ends early when the run does. */
  async pause(ms: number): Promise<void> {
    if (ms > 0) await setTimeout(ms, undefined, { signal: this.stop }).catch(() => undefined);
  }
}
