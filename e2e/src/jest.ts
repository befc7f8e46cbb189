import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Counts, NOTHING } from './counts.ts';

/** The parts of Jest's report that we read. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numRuntimeErrorTestSuites: number;
}

/** Runs every suite of the workspace, or those that `args` choose. `env` has the real servers' URLs. */
export async function runJest(
  root: string,
  env: Record<string, string>,
  args: readonly string[],
): Promise<Counts> {
  const report = join(root, '.sockshop', 'jest-report.json');
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const options = ['--json', `--outputFile=${report}`, '--silent=false', ...args];
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  await rm(report, { force: true });
  const child = spawn(process.execPath, [...flags, jest, ...options], {
    cwd: root,
    // Jest prints its readable output on standard error, and the report also on standard output.
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env, NODE_OPTIONS: '' },
  });
  await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  // Without a report Jest did not start, and has printed why.
  const text = await readFile(report, 'utf8').catch(() => undefined);
  if (text === undefined) return { ...NOTHING, failed: 1 };
  const found = JSON.parse(text) as Report; // written by Jest just now
  return {
    passed: found.numPassedTests,
    failed: found.numFailedTests + found.numRuntimeErrorTestSuites,
    skipped: found.numPendingTests + found.numTodoTests,
  };
}
