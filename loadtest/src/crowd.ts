import { Pool } from 'undici';
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
  private readonly pool: Pool;
  private readonly run = newRun();
  private readonly basePath: string;
  private grace: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: Options,
    readonly tally: Tally,
    readonly signals: Signals,
    private readonly spans?: VisitSpans,
  ) {
    const { url, shoppers } = options;
    this.pool = new Pool(url.origin, {
      connections: shoppers, // each waits for its response before it asks again
      connect: { timeout: 5_000 },
      headersTimeout: requestTimeoutMs,
      bodyTimeout: requestTimeoutMs,
    });
    this.basePath = url.pathname.replace(/\/$/, '');
    const cutOff = () => void this.pool.destroy();
    const later = () => (this.grace = setTimeout(cutOff, graceMs));
    signals.stop.addEventListener('abort', later, { once: true });
    signals.cut.addEventListener('abort', cutOff, { once: true });
  }

  newShopper(number: number): Shopper {
    const { seed, think, sharedUser, original } = this.options;
    const { pool, tally } = this;
    const account = sharedUser ? demoAccount(number) : newAccount(number, this.run);
    const client = new ShopClient(pool, this.basePath, tally);
    const random = new Random(seed, number);
    const { stop } = this.signals;
    const session = new Session(account, random, client, think, stop, tally, original);
    return new Shopper(session, tally, this.spans);
  }

  /** Whether an error is a mistake of this program. Cut off in the middle of a request, a shopper ends with the pool's. */
  isBug(): boolean {
    return !this.pool.destroyed;
  }

  /** Running requests have ended, or are cut off now. */
  async end(): Promise<void> {
    clearTimeout(this.grace);
    await this.pool.destroy();
  }
}
