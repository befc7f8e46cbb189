import { CommandError } from '@sockshop/cli';
import { withSecretFiles } from '@sockshop/secrets';
import { documentOf, generatorOf } from './document.ts';
import { exportSpans } from './export-spans.ts';
import { Journal } from './journal.ts';
import { runShoppers } from './load-test.ts';
import type { Listener } from './option-values.ts';
import type { Options } from './options.ts';
import { Progress, type Screen } from './progress.ts';
import { report } from './report.ts';
import { requireShop } from './require-shop.ts';
import { ResultFiles } from './result-files.ts';
import { summaryOf } from './summary.ts';
import { Tally } from './tally.ts';
import { type Threshold, thresholdsOf } from './thresholds.ts';
import { tracePages, TracePages } from './trace-pages.ts';

/** From the first shopper to the summary. @throws CommandError without a shop, and when no request succeeded. */
export async function runLoad(
  options: Options,
  screen: Screen,
  stop: AbortSignal,
  cut: AbortSignal,
): Promise<readonly Threshold[]> {
  const { url, durationMs, jsonFile, htmlFile, journalFile } = options;
  const files = new ResultFiles(jsonFile, htmlFile);
  await files.open(); // better now than after an hour

  const journal = journalFile === undefined ? undefined : new Journal(journalFile);
  const tally = new Tally(jsonFile !== undefined, journal);
  await requireShop(url, tally, stop);
  const exporting = await exportSpans(url, options.zipkin, withSecretFiles(process.env));
  const metrics = options.metrics && (await serveMetrics(tally, options.metrics, screen));
  const windows = options.browsers > 0 ? await openBrowser(options, tally) : undefined;
  screen.write(`${plan(options)}\n`);
  const startedAt = new Date();
  const startMs = performance.now();
  tally.begin();
  const now = () => summaryOf(tally, performance.now() - startMs);
  const progress = new Progress(screen, now, new TracePages(url));
  const over = new AbortController();
  const end = () => {
    over.abort();
  };
  const timer = durationMs === undefined ? undefined : setTimeout(end, durationMs);
  try {
    const until = AbortSignal.any([stop, over.signal]);
    await runShoppers(options, tally, until, cut, { spans: exporting?.spans, windows });
  } finally {
    clearTimeout(timer);
    progress.end();
    await Promise.all([exporting?.end(), metrics?.close()]);
  }

  const summary = now();
  const thresholds = thresholdsOf(options, summary, (of) => tally.p95(of));
  const isTraced = summary.slowest !== null;
  const pageOf = isTraced ? await tracePages(url) : String;
  screen.write(report(summary, thresholds, pageOf));
  const run = documentOf([generatorOf(options, startedAt)], tally, summary, thresholds);
  await files.write(run, pageOf);
  if (!summary.routes.some(({ outcome }) => outcome === 'ok') && !stop.aborted)
    throw new CommandError(
      `Nothing succeeded at ${url.href}: all of its parts may be unavailable.`,
    );
  return thresholds;
}

async function openBrowser(options: Options, tally: Tally) {
  const { BrowserShoppers } = await import('./browser-shoppers.ts');
  return BrowserShoppers.start(options, tally);
}

async function serveMetrics(tally: Tally, listener: Listener, screen: Screen) {
  const { MetricsServer } = await import('./metrics-server.ts');
  const metrics = new MetricsServer(tally);
  screen.write(`metrics: ${await metrics.listen(listener)}\n`);
  return metrics;
}

function plan({ url, shoppers, seed, durationMs, phases, rate }: Options): string {
  const until = durationMs === undefined ? 'Ctrl-C' : `${durationMs / 1000} s are over`;
  const who = phases ? `${rate}, at most ${shoppers} shoppers at once,` : `${shoppers} shoppers`;
  return `${who} at ${url.href} until ${until}, seed ${seed}`;
}
