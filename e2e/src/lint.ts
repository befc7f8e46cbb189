import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { add, type Counts, NOTHING, timed } from './counts.ts';
import { importCycles } from './import-cycles.ts';

/** Each counts as one test. ESLint runs through Nx, because only there it sees the module boundaries. */
const CHECKS = [
  { title: 'type-check', bin: 'tsc', args: ['-b'] },
  {
    title: 'eslint',
    bin: 'nx',
    args: ['run-many', '-t', 'lint', '--outputStyle=static', '--parallel=2'],
  },
  { title: 'prettier', bin: 'prettier', args: ['--check', '--log-level=warn', '.'] },
  { title: 'knip', bin: 'knip', args: ['--no-progress'] },
];

/** Type-check, lint, layout, dead code and import cycles. */
export async function lint(root: string): Promise<Counts> {
  let counts = NOTHING;
  const check = async (title: string, passes: () => Promise<boolean>): Promise<void> => {
    const ok = await timed(title, passes);
    if (!ok) console.log(`FAILED: ${title}`);
    counts = add(counts, { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 });
  };
  for (const { title, bin, args } of CHECKS) await check(title, () => succeeds(root, bin, args));
  await check('import cycles', () => Promise.resolve(hasNoCycles(root)));
  return counts;
}

function hasNoCycles(root: string): boolean {
  const cycles = importCycles(root);
  for (const cycle of cycles) console.log(cycle.join(' → '));
  return cycles.length === 0;
}

function succeeds(root: string, bin: string, args: string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const path = join(root, 'node_modules', '.bin', bin);
    const child = spawn(path, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', reject);
    child.on('exit', (code) => {
      resolve(code === 0);
    });
  });
}
