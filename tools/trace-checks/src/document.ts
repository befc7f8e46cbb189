import type { Check } from './check.ts';
import type { Verdict } from './mutants.ts';
import type { Result } from './named-tests.ts';
import { fileOf } from './workspace.ts';

/** What a row of the table says of a run. */
export interface Outcome {
  readonly result: Result | undefined;
  readonly verdict: Verdict | undefined;
}

const HEAD = `# What every span satisfies

Written by \`npm run trace:checks -- --mutants\`: it runs the named tests against real servers, then changes one line of ours for each check, in a copy of
the workspace, and requires the test to fail by an assertion. Do not edit it.

`;

/** The document with a row for each check. `\`-escaped cells: code in a table may contain \`|\`. */
export function documentOf(
  checks: readonly Check[],
  outcomes: ReadonlyMap<number, Outcome>,
  among: ReadonlyMap<string, string>,
): string {
  const rows = checks.map((check) => {
    const { result, verdict } = outcomes.get(check.number) ?? {};
    return `${factsOf(check, among)} ${result ?? 'not run'} | ${verdict ?? 'not run'} |`;
  });
  const passed = [...outcomes.values()].filter(({ result }) => result === 'pass').length;
  const red = [...outcomes.values()].filter(({ verdict }) => verdict === 'red').length;
  return [
    HEAD.trimEnd(),
    '',
    `${passed} of ${checks.length} checks pass; ${red} of ${checks.length} mutants turn their test red.`,
    '',
    '| # | Check | Test | One changed line | Test passes | With the line changed |',
    '| - | - | - | - | - | - |',
    ...rows,
    '',
  ].join('\n');
}

/** The first cells of a row: what does not depend on a run. */
export function factsOf(check: Check, among: ReadonlyMap<string, string>): string {
  const { number, says, tests, mutant } = check;
  const named = tests.map(({ file, title }) => `${code(file)}: ${escaped(title)}`);
  const change = `${code(fileOf(mutant, among))}: ${code(line(mutant.find))} becomes ${code(line(mutant.replace))}`;
  return `| ${number} | ${escaped(says)} | ${named.join('<br>')} | ${change} |`;
}

/** What the document says of rows whose facts are still the same. */
export function keptOutcomes(
  document: string,
  checks: readonly Check[],
  among: ReadonlyMap<string, string>,
): Map<number, Outcome> {
  const lines = document.split('\n');
  return new Map(
    checks.map((check) => {
      const facts = unaligned(factsOf(check, among));
      const row = lines.map(unaligned).find((line) => line.startsWith(facts));
      const [result, verdict] = row?.slice(facts.length).split('|') ?? [];
      return [check.number, { result: known(result), verdict: known(verdict) } as Outcome]; // as documentOf wrote it
    }),
  );
}

function known(cell: string | undefined): string | undefined {
  const text = cell?.trim();
  return text === 'not run' ? undefined : text;
}

/** Prettier aligns the cells of a table. */
export function unaligned(row: string): string {
  return row.replaceAll(/ +/g, ' ');
}

function line(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function code(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  return `${fence}${escaped(text)}${fence}`;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
