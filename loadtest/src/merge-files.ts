import { documentOf } from './document.ts';
import { merged, readDocument } from './merge.ts';
import type { MERGE } from './options.ts';
import type { Screen } from './progress.ts';
import { report } from './report.ts';
import { ResultFiles } from './result-files.ts';
import { summaryOf } from './summary.ts';
import { type Threshold, thresholdsOf } from './thresholds.ts';
import { tracePages } from './trace-pages.ts';

/** `npm run load -- merge`: several generators' results as one run. */
export async function mergeFiles(
  files: readonly string[],
  { json, html, maxErrorRate, p95 = [] }: ReturnType<typeof MERGE.opts>,
  screen: Screen,
): Promise<readonly Threshold[]> {
  const [first, ...more] = await Promise.all(files.map(readDocument));
  if (!first) return []; // the command line has at least one
  const results = new ResultFiles(json, html);
  await results.open();
  const { tally, elapsedMs, generators } = merged([first, ...more]);
  const summary = summaryOf(tally, elapsedMs);
  const thresholds = thresholdsOf({ maxErrorRate, p95 }, summary, (of) => tally.p95(of));
  const pageOf = summary.slowest ? await tracePages(new URL(first.url)) : String;
  screen.write(`${files.length} generators\n${report(summary, thresholds, pageOf)}`);
  await results.write(documentOf(generators, tally, summary, thresholds), pageOf);
  return thresholds;
}
