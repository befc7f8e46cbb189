import { Pool } from 'undici';
import { demoAccount, newAccount, newRun } from './account.ts';
import { visitAgain } from './closed-model.ts';
import { OpenModel } from './open-model.ts';
import type { Options } from './options.ts';
import { Random } from './random.ts';
import { Session } from './session.ts';
import { ShopClient } from './shop-client.ts';
import { Shopper } from './shopper.ts';
import type { Tally } from './tally.ts';
import type { VisitSpans } from './visit-spans.ts';

/** How long a request may take, in ms: twice the longest sum of deadlines inside the shop. */
const requestTimeoutMs = 30_000;
/** Between the starts of two shoppers, in ms: their registrations cost the shop a password hash each. */
const rampMs = 50;
/** At the end, running requests may take this long, in ms. */
const graceMs = 5_000;

/** Runs the shoppers until `stop`, then waits for running requests, but not after `cut`. */
export async function runShoppers(
  options: Options,
  tally: Tally,
  stop: AbortSignal,
  cut: AbortSignal,
  spans?: VisitSpans,
): Promise<void> {
  const { url, shoppers, seed, think, sharedUser, mixture, phases, original } = options;
  const pool = new Pool(url.origin, {
    connections: shoppers, // each waits for its response before it asks again
    connect: { timeout: 5_000 },
    headersTimeout: requestTimeoutMs,
    bodyTimeout: requestTimeoutMs,
  });
  const basePath = url.pathname.replace(/\/$/, '');
  const run = newRun();

  const newShopper = (number: number): Shopper => {
    const account = sharedUser ? demoAccount(number) : newAccount(number, run);
    const client = new ShopClient(pool, basePath, tally);
    const random = new Random(seed, number);
    const session = new Session(account, random, client, think, stop, tally, original);
    return new Shopper(session, tally, spans);
  };

  const one = async (number: number): Promise<void> => {
    const shopper = newShopper(number);
    await shopper.session.pause((number - 1) * rampMs);
    await visitAgain(shopper, mixture, tally);
  };
  // Cut off in the middle of a request, a shopper ends with the pool's error, which is not reported.
  const isBug = () => !pool.destroyed;

  let grace: NodeJS.Timeout | undefined;
  const cutOff = () => void pool.destroy();
  stop.addEventListener('abort', () => (grace = setTimeout(cutOff, graceMs)), { once: true });
  cut.addEventListener('abort', cutOff, { once: true });
  try {
    if (phases) {
      const model = new OpenModel({ newShopper, most: shoppers, mixture, seed, tally, isBug });
      await model.run(phases, stop);
    } else {
      const all = Array.from({ length: shoppers }, (_, index) => one(index + 1));
      await Promise.all(
        all.map((each) =>
          each.catch((error: unknown) => {
            if (isBug()) throw error;
          }),
        ),
      );
    }
  } finally {
    clearTimeout(grace);
    await pool.destroy();
  }
}
