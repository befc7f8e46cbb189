import { randomBytes } from 'node:crypto';
import { Pool } from 'undici';
import { demoAccount, newAccount } from './account.ts';
import type { Options } from './options.ts';
import { Random } from './random.ts';
import { Session } from './session.ts';
import { ShopClient } from './shop-client.ts';
import { shop } from './shopper.ts';
import type { Tally } from './tally.ts';

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
): Promise<void> {
  const { url, shoppers, seed, think, sharedUser, richShare } = options;
  const pool = new Pool(url.origin, {
    connections: shoppers,
    connect: { timeout: 5_000 },
    headersTimeout: requestTimeoutMs,
    bodyTimeout: requestTimeoutMs,
  });
  const basePath = url.pathname.replace(/\/$/, '');
  const run = randomBytes(4).toString('hex');

  const one = async (number: number): Promise<void> => {
    const account = sharedUser ? demoAccount(number) : newAccount(number, run);
    const client = new ShopClient(pool, basePath, tally);
    const session = new Session(account, new Random(seed, number), client, think, stop, tally);
    await session.pause((number - 1) * rampMs);
    try {
      await shop(session, tally, richShare);
    } catch (error) {
      // Cut off in the middle of a request, a shopper ends with the pool's error, which is not reported.
      if (!pool.destroyed) throw error;
    }
  };

  let grace: NodeJS.Timeout | undefined;
  const cutOff = () => void pool.destroy();
  stop.addEventListener('abort', () => (grace = setTimeout(cutOff, graceMs)), { once: true });
  cut.addEventListener('abort', cutOff, { once: true });
  try {
    await Promise.all(Array.from({ length: shoppers }, (_, index) => one(index + 1)));
  } finally {
    clearTimeout(grace);
    await pool.destroy();
  }
}
