import { CommandError } from '@sockshop/cli';
import { Pool } from 'undici';
import { catalogue } from './routes.ts';
import { RequestFailedError, ShopClient } from './shop-client.ts';
import type { Tally } from './tally.ts';

/** A shop answers so when a part of it is unavailable, or when it is busy. Shoppers wait for it. */
const UNAVAILABLE = /^(429|5\d\d)$/;

/** @throws CommandError where nothing answers, or what answers is no shop: shoppers would wait for it without end */
export async function requireShop(url: URL, tally: Tally, stop: AbortSignal): Promise<void> {
  const pool = new Pool(url.origin, { connections: 1, connect: { timeout: 5_000 } });
  const giveUp = () => void pool.destroy();
  stop.addEventListener('abort', giveUp, { once: true });
  try {
    await new ShopClient(pool, url.pathname.replace(/\/$/, ''), tally).send(catalogue);
  } catch (error) {
    if (stop.aborted) return;
    if (!(error instanceof RequestFailedError)) throw error;
    if (UNAVAILABLE.test(error.status)) return;
    const answered = /^\d/.test(error.status);
    const what = answered
      ? `What answers at ${url.href} is no shop`
      : `No shop answers at ${url.href}`;
    throw new CommandError(
      `${what} (${error.message}). Start one with npm start, or name it with --url URL.`,
      { cause: error },
    );
  } finally {
    stop.removeEventListener('abort', giveUp);
    await pool.destroy();
  }
}
