import { spawn } from 'node:child_process';
import { constants, getPriority, setPriority } from 'node:os';
import { join } from 'node:path';
import { add, type Counts, NOTHING } from './counts.ts';
import { importCycles } from './import-cycles.ts';

interface Check {
  readonly title: string;
  readonly bin: string;
  readonly args: readonly string[];
}

const ASIDE = constants.priority.PRIORITY_BELOW_NORMAL;

/** TypeScript 7: package.json has it beside 6, and both have a program of that name. */
export const TYPE_CHECK: Check = { title: 'type-check', bin: 'tsc', args: ['-b'] };

/** Types must be built: both linters read what packages declare. One process at a time: suites run beside it. */
const STYLE: readonly Check[] = [
  { title: 'oxlint', bin: 'oxlint', args: [] },
  { title: 'eslint', bin: 'eslint', args: ['.'] },
  { title: 'prettier', bin: 'prettier', args: ['--check', '--log-level=warn', '.'] },
  { title: 'knip', bin: 'knip', args: ['--no-progress'] },
];

/** Lint, layout, dead code and import cycles. They use what the suites leave of the processor: a suite spends much of its time waiting. */
export async function checkStyle(root: string, checks = STYLE): Promise<Counts> {
  let counts = NOTHING;
  for (const check of checks) counts = add(counts, await runCheck(root, check, 'aside'));
  const cycles = importCycles(root);
  for (const cycle of cycles) console.log(cycle.join(' → '));
  return add(counts, counted('import cycles', cycles.length === 0));
}

/** Counts as one test. `aside`: at a low priority, and what it prints comes in one piece at its end. */
export async function runCheck(
  root: string,
  { title, bin, args }: Check,
  how: 'first' | 'aside',
): Promise<Counts> {
  const started = Date.now();
  const output = how === 'first' ? 'inherit' : 'pipe';
  const child = spawn(join(root, 'node_modules', '.bin', bin), args, {
    cwd: root,
    stdio: ['ignore', output, output],
  });
  if (how === 'aside' && child.pid !== undefined && getPriority() < ASIDE)
    setPriority(child.pid, ASIDE);
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data: Buffer) => (printed += data.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) process.stdout.write(printed);
  console.log(`${title} done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return counted(title, code === 0);
}

function counted(title: string, ok: boolean): Counts {
  if (!ok) console.log(`FAILED: ${title}`);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}
