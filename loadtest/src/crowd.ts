import { Client } from 'undici';
import { demoAccount, newAccount, newRun } from './account.ts';
import type { Options } from './options.ts';
import { Random } from './random.ts';
import { Session } from './session.ts';
import { ShopClient } from './shop-client.ts';
import { Shopper } from './shopper.ts';
import type { Tally } from './tally.ts';
import type { VisitSpans } from './visit-spans.ts';

/** How long a request may take, in ms: twice the longest sum of deadlines inside the shop. */
const requestTimeoutMs = 30_000;
/** At the end, running requests may take this long, in ms. */
const graceMs = 5_000;

/** When shoppers stop to begin requests, and when those that run are cut off. */
export interface Signals {
  readonly stop: AbortSignal;
  readonly cut: AbortSignal;
}

/** Makes shoppers, and what they share. */
export class Crowd {
  private readonly connections: Client[] = [];
  /** Running requests are cut off. */
  private isCut = false;
  private readonly run = newRun();
  private readonly basePath: string;
  private grace: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: Options,
    readonly tally: Tally,
    readonly signals: Signals,
    private readonly spans?: VisitSpans,
  ) {
    this.basePath = options.url.pathname.replace(/\/$/, '');
    const cutOff = () => void this.cutOff();
    const later = () => (this.grace = setTimeout(cutOff, graceMs));
    signals.stop.addEventListener('abort', later, { once: true });
    signals.cut.addEventListener('abort', cutOff, { once: true });
  }

  newShopper(number: number): Shopper {
    const { url, seed, think, sharedUser, original } = this.options;
    const { tally } = this;
    const account = sharedUser ? demoAccount(number) : newAccount(number, this.run);
    // A connection of its own, as each customer has: a shared one would wait for those of others.
    const connection = new Client(url.origin, {
      connect: { timeout: 5_000 },
      headersTimeout: requestTimeoutMs,
      bodyTimeout: requestTimeoutMs,
    });
    this.connections.push(connection);
    const client = new ShopClient(connection, this.basePath, tally);
    const random = new Random(seed, number);
    const { stop } = this.signals;
    const session = new Session(account, random, client, think, stop, tally, original);
    return new Shopper(session, tally, this.spans);
  }

  /** Whether an error is a mistake of this program. Cut off in the middle of a request, a shopper ends with its connection's. */
  isBug(): boolean {
    return !this.isCut;
  }

  /** Running requests have ended, or are cut off now. */
  async end(): Promise<void> {
    clearTimeout(this.grace);
    await this.cutOff();
  }

  private async cutOff(): Promise<void> {
    this.isCut = true;
    await Promise.all(this.connections.map((connection) => connection.destroy()));
  }
}
