import { CommandError } from '@sockshop/cli';
import { writeFile } from 'node:fs/promises';
import { Journal } from './journal.ts';
import { runShoppers } from './load-test.ts';
import type { Options } from './options.ts';
import { Progress, type Screen } from './progress.ts';
import { report } from './report.ts';
import { requireShop } from './require-shop.ts';
import { Tally, type Summary } from './tally.ts';
import { tracePages } from './trace-pages.ts';

/** From the first shopper to the summary. @throws CommandError without a shop, and when no request succeeded. */
export async function runLoad(
  options: Options,
  screen: Screen,
  stop: AbortSignal,
  cut: AbortSignal,
): Promise<Summary> {
  const { url, shoppers, seed, durationMs, jsonFile, journalFile } = options;
  const until = durationMs === undefined ? 'Ctrl-C' : `${durationMs / 1000} s are over`;
  if (jsonFile !== undefined) await writeFile(jsonFile, ''); // better now than after an hour

  const journal = journalFile === undefined ? undefined : new Journal(journalFile);
  const tally = new Tally(jsonFile !== undefined, journal);
  await requireShop(url, tally, stop);
  screen.write(`${shoppers} shoppers at ${url.href} until ${until}, seed ${seed}\n`);
  const startedAt = new Date();
  const startMs = performance.now();
  const now = () => tally.summary(performance.now() - startMs);
  const progress = new Progress(screen, now);
  const over = new AbortController();
  const end = () => {
    over.abort();
  };
  const timer = durationMs === undefined ? undefined : setTimeout(end, durationMs);
  try {
    await runShoppers(options, tally, AbortSignal.any([stop, over.signal]), cut);
  } finally {
    clearTimeout(timer);
    progress.end();
  }

  const summary = now();
  const isTraced = summary.slowest !== null;
  screen.write(report(summary, isTraced ? await tracePages(url) : String));
  if (jsonFile !== undefined) {
    const { url, shoppers, sharedUser, think, richShare, seed } = options;
    const settings = { url, shoppers, sharedUser, think, richShare, seed };
    const document = { ...settings, startedAt, ...summary };
    await writeFile(jsonFile, `${JSON.stringify(document, undefined, 2)}\n`);
  }
  if (!summary.routes.some(({ outcome }) => outcome === 'ok') && !stop.aborted)
    throw new CommandError(
      `Nothing succeeded at ${url.href}: all of its parts may be unavailable.`,
    );
  return summary;
}
