import { fileProblem } from '@sockshop/cli';
import { readSpansOfFile, type Span } from '@sockshop/trace';
import type { DiffOptions } from './diff-options.ts';
import { type RunDifference, runDifferences } from './run-differences.ts';

/** The exit code: 1 when something changed, 2 when a file cannot be read. */
export async function diff(
  before: string,
  after: string,
  { leastShift, json }: DiffOptions,
): Promise<number> {
  const runs: Span[][] = [];
  for (const file of [before, after])
    try {
      runs.push(await readSpansOfFile(file));
    } catch (error) {
      console.error(fileProblem(error, file) ?? `${file}: ${String(error)}`);
      return 2;
    }
  const [old = [], now = []] = runs;
  const differences = runDifferences(old, now, leastShift / 100);
  if (json === true) console.log(JSON.stringify(differences, undefined, 1));
  else print(differences, old, now);
  return differences.length === 0 ? 0 : 1;
}

function print(
  differences: readonly RunDifference[],
  before: readonly Span[],
  after: readonly Span[],
): void {
  console.log(`${before.length} spans before, ${after.length} now`);
  let journey: string | undefined;
  for (const difference of differences) {
    if (difference.journey !== undefined && difference.journey !== journey)
      console.log(`\n${difference.journey}`);
    journey = difference.journey;
    console.log(`  ${difference.words}`);
  }
  if (differences.length === 0) console.log('Nothing changed.');
}
