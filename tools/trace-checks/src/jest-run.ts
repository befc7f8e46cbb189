import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { packageOf } from './workspace.ts';

/** A test that Jest ran, in the parts of its report that we read. */
export interface Ran {
  readonly fullName: string;
  readonly status: 'passed' | 'failed' | 'pending' | 'skipped' | 'todo' | 'disabled';
  readonly failureMessages: readonly string[];
}

interface Report {
  readonly testResults: readonly { message: string; assertionResults: readonly Ran[] }[];
}

export interface Suite {
  /** The workspace, or a copy of it. */
  readonly root: string;
  readonly file: string;
  /** Expressions for names of tests: only those run. */
  readonly names: readonly string[];
  /** The real servers' URLs. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Runs the tests of one suite whose names match.
 * @throws Error when the suite cannot be loaded.
 */
export async function runSuite({ root, file, names, env }: Suite): Promise<Ran[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sock-shop-jest-'));
  const output = join(folder, 'report.json');
  const cwd = join(root, packageOf(file));
  const words = [
    '--runTestsByPath',
    relative(cwd, join(root, file)),
    `--testNamePattern=(${names.join('|')})$`,
    '--testTimeout=120000',
    '--forceExit', // a failed test leaves its servers open
    '--json',
    `--outputFile=${output}`,
  ];
  try {
    const printed = await jest(root, cwd, words, env);
    const text = await readFile(output, 'utf8').catch(() => undefined);
    if (text === undefined) throw new Error(`Jest did not start for ${file}:\n${printed}`);
    const [suite] = (JSON.parse(text) as Report).testResults; // written by Jest just now
    if (!suite || suite.assertionResults.length === 0)
      throw new Error(`${file} cannot be loaded: ${suite?.message ?? printed}`);
    return suite.assertionResults.filter((test) =>
      names.some((name) => new RegExp(`${name}$`).test(test.fullName)),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

function jest(
  root: string,
  cwd: string,
  words: readonly string[],
  env: Suite['env'],
): Promise<string> {
  const program = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, program, ...words], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env, NODE_OPTIONS: '' },
  });
  let printed = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      resolve(printed);
    });
  });
}
