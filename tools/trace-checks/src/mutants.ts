import type { Check } from './check.ts';
import { type Ran, runSuite } from './jest-run.ts';
import { fileOf, patternOf, sources } from './workspace.ts';
import { WorkspaceCopy } from './workspace-copy.ts';

/** What a mutant did to its test. `red`: it failed by an assertion. */
export type Verdict = 'red' | `not red: ${string}`;

/** Applies each mutant in a copy of the workspace and runs its test there. */
export async function tryMutants(
  checks: readonly Check[],
  env: Readonly<Record<string, string>>,
  say: (line: string) => void,
): Promise<ReadonlyMap<number, Verdict>> {
  const verdicts = new Map<number, Verdict>();
  const among = sources();
  const copy = new WorkspaceCopy();
  try {
    for (const check of checks) {
      const verdict = await tryMutant(check, copy, among, env);
      verdicts.set(check.number, verdict);
      say(`mutant of check ${check.number}: ${verdict}`);
    }
  } finally {
    copy.remove();
  }
  return verdicts;
}

async function tryMutant(
  { tests, mutant }: Check,
  copy: WorkspaceCopy,
  among: ReadonlyMap<string, string>,
  env: Readonly<Record<string, string>>,
): Promise<Verdict> {
  const { find, replace, within } = mutant;
  const test = tests[mutant.test ?? 0] ?? tests[0];
  const name = patternOf(test.title);
  const names = [within === undefined ? name : `${RegExp.escape(within)} ${name}`];
  const run = (): Promise<Ran[]> => runSuite({ root: copy.root, file: test.file, names, env });
  try {
    return verdictOf(await copy.changed(fileOf(mutant, among), find, replace, run));
  } catch (error) {
    return `not red: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** A test that breaks instead of failing says nothing about what it checks. */
export function verdictOf(ran: readonly Ran[]): Verdict {
  const failed = ran.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return `not red: ${ran.length} tests, none failed`;
  const broken = failed.find(({ failureMessages }) => !isAssertion(failureMessages));
  return broken ? `not red: broke by ${broken.failureMessages[0]?.slice(0, 300) ?? '?'}` : 'red';
}

/** Of Jest, of Node's `assert`, or a condition that `until` waited for in vain. */
function isAssertion([message = '']: readonly string[]): boolean {
  return /expect\(|^AssertionError|^(Error: )?not within \d+ ms/.test(
    message.replaceAll(/\u001b\[\d+m/g, ''),
  );
}
