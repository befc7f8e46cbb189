import { until } from '@sockshop/testing';
import { runShoppers } from '../src/load-test.ts';
import { LOAD, loadOptions, type Options } from '../src/options.ts';
import { type Summary, summaryOf } from '../src/summary.ts';
import { Tally } from '../src/tally.ts';
import type { Shop } from './shop.ts';

/** Shoppers without think time and without rich visits, unless the arguments say otherwise. */
export function someOptions(shop: Shop, ...args: string[]): Options {
  const journeys = args.includes('--original') ? [] : ['--rich', '0'];
  const argv = ['--url', shop.url, '--think', '0', ...journeys, ...args];
  return loadOptions(LOAD.parse(argv, { from: 'user' }).opts());
}

/** Runs shoppers until something is true, then waits for their last responses. */
export async function shopUntil(
  options: Options,
  done: (summary: Summary) => boolean,
): Promise<Summary> {
  return duringShopping(options, async (now) => {
    await until(() => done(now()));
  });
}

/** Runs shoppers while something happens, then waits for their last responses. */
export async function duringShopping(
  options: Options,
  happening: (now: () => Summary) => Promise<void>,
): Promise<Summary> {
  const tally = new Tally(true);
  const now = () => summaryOf(tally, 1_000);
  const stop = new AbortController();
  const running = runShoppers(options, tally, stop.signal, new AbortController().signal);
  try {
    await Promise.race([happening(now), running]); // a bug ends the run at once
  } finally {
    stop.abort();
    await running;
  }
  return now();
}

/** Route and status, with the count, of everything that was no success. */
export function notOk({ routes }: Summary): Record<string, number> {
  const lines = routes.filter(({ outcome }) => outcome !== 'ok');
  return Object.fromEntries(
    lines.map(({ route, status, outcome, count }) => [`${route} ${status} ${outcome}`, count]),
  );
}
