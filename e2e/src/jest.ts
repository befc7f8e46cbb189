import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { add, type Counts, NOTHING } from './counts.ts';

/** The parts of a suite's entry in Jest's report that we read. */
interface Suite {
  name: string;
  status: string;
  assertionResults: { fullName: string; status: string }[];
}

export interface Outcome {
  readonly counts: Counts;
  /** Tests that failed among others and passed alone, and the suites that could only be loaded alone. */
  readonly flaky: readonly string[];
}

/** How Jest runs: where, with what, and where its readable output goes. */
export interface Run {
  readonly root: string;
  /** The real servers' URLs. */
  readonly env: Record<string, string>;
  /** Words of the caller: which suites, and options of Jest's. */
  readonly args: readonly string[];
  readonly output: 'inherit' | 'ignore';
}

/**
 * Runs every suite of the workspace, or those that `args` choose. Suites that fail run once more, one after the other: what they do then
 * counts, and what passes only then is named.
 */
export async function runJest(run: Run): Promise<Outcome> {
  const suites = await suitesOf(run, 'jest-report.json', run.args);
  // Without a report Jest did not start, and has printed why.
  if (suites === undefined) return { counts: { ...NOTHING, failed: 1 }, flaky: [] };
  const failed = suites.filter(hasFailed);
  if (failed.length === 0) return { counts: countsOf(suites), flaky: [] };
  const paths = failed.map(({ name }) => name);
  const names = paths.map((path) => relative(run.root, path)).join(', ');
  console.log(`Suites that failed run once more, one after the other: ${names}`);
  const filter = join(import.meta.dirname, 'chosen-suites.js');
  const again = await suitesOf(
    { ...run, env: { ...run.env, CHOSEN_SUITES: JSON.stringify(paths) } },
    'jest-report-alone.json',
    [...run.args, `--filter=${filter}`, '--maxWorkers=1'],
  );
  const second = failed.map((suite) => again?.find(({ name }) => name === suite.name) ?? suite);
  const passed = suites.filter((suite) => !hasFailed(suite));
  return {
    counts: add(countsOf(passed), countsOf(second)),
    flaky: failed.flatMap((first, index) => passedAlone(run.root, first, second[index] ?? first)),
  };
}

async function suitesOf(
  { root, env, output }: Run,
  file: string,
  args: readonly string[],
): Promise<Suite[] | undefined> {
  const report = join(root, '.sockshop', file);
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const options = ['--json', `--outputFile=${report}`, '--silent=false', ...args];
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  await rm(report, { force: true });
  const child = spawn(process.execPath, [...flags, jest, ...options], {
    cwd: root,
    // Jest prints its readable output on standard error, and the report also on standard output.
    stdio: ['ignore', 'ignore', output],
    env: { ...process.env, ...env, NODE_OPTIONS: '' },
  });
  await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  const text = await readFile(report, 'utf8').catch(() => undefined);
  return text === undefined
    ? undefined
    : (JSON.parse(text) as { testResults: Suite[] }).testResults; // written by Jest just now
}

function hasFailed({ status }: Suite): boolean {
  return status === 'failed';
}

/** A suite that failed without a failed test, as one that cannot be loaded, counts as one. */
function countsOf(suites: readonly Suite[]): Counts {
  let counts = NOTHING;
  for (const suite of suites) {
    const number = (...which: string[]): number =>
      suite.assertionResults.filter(({ status }) => which.includes(status)).length;
    const failed = number('failed');
    counts = add(counts, {
      passed: number('passed'),
      failed: failed === 0 && hasFailed(suite) ? 1 : failed,
      skipped: number('pending', 'todo', 'skipped', 'disabled'),
    });
  }
  return counts;
}

function passedAlone(root: string, first: Suite, second: Suite): string[] {
  const path = relative(root, first.name);
  const failures = first.assertionResults.filter(({ status }) => status === 'failed');
  if (failures.length === 0) return hasFailed(second) ? [] : [path];
  return failures
    .filter(({ fullName }) =>
      second.assertionResults.some((it) => it.fullName === fullName && it.status === 'passed'),
    )
    .map(({ fullName }) => `${path}: ${fullName}`);
}
