import type { Check, NamedTest } from './check.ts';
import { type Ran, runSuite } from './jest-run.ts';
import { patternOf, ROOT } from './workspace.ts';

export type Result = 'pass' | 'fail' | 'skipped';

/** Runs every suite once, with the tests that the checks name in it. */
export async function runTests(
  checks: readonly Check[],
  env: Readonly<Record<string, string>>,
  say: (line: string) => void,
): Promise<ReadonlyMap<number, Result>> {
  const byFile = Map.groupBy(
    checks.flatMap(({ tests }) => tests),
    ({ file }) => file,
  );
  const ran = new Map<string, Ran[]>();
  for (const [file, tests] of byFile) {
    const names = [...new Set(tests.map(({ title }) => patternOf(title)))];
    const results = await runSuite({ root: ROOT, file, names, env }).catch((error: unknown) => {
      say(String(error));
      return [];
    });
    ran.set(file, results);
    const failed = results.filter(({ status }) => status === 'failed');
    say(`${file}: ${results.length} tests, ${failed.length} failed`);
    for (const { fullName } of failed) say(`  failed: ${fullName}`);
  }
  const results = (test: NamedTest): Result => {
    const name = new RegExp(`${patternOf(test.title)}$`);
    return resultOf((ran.get(test.file) ?? []).filter(({ fullName }) => name.test(fullName)));
  };
  return new Map(checks.map(({ number, tests }) => [number, worst(tests.map(results))]));
}

/** A test that did not run has not passed. */
export function resultOf(ran: readonly Ran[]): Result {
  if (ran.length === 0 || ran.some(({ status }) => status === 'failed')) return 'fail';
  return ran.every(({ status }) => status === 'passed') ? 'pass' : 'skipped';
}

function worst(results: readonly Result[]): Result {
  if (results.includes('fail')) return 'fail';
  return results.includes('skipped') ? 'skipped' : 'pass';
}
