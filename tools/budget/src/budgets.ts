import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Values } from './exact-figures.ts';
import { FIGURES, type Figure } from './figures.ts';

/** The committed file: each figure with the most that it may be, one a line, so that Git knows which commit changed it. */
export const BUDGETS_FILE = join(import.meta.dirname, '../budgets.json');

export function readBudgets(file: string): Values {
  return JSON.parse(readFileSync(file, 'utf8')) as Values; // a test reads every line of it
}

/** Sets the budgets of these figures to their values and a margin, and leaves all others. */
export function updateBudgets(file: string, values: Values): void {
  const before = readBudgets(file);
  const all = FIGURES.flatMap((figure): [string, number][] => {
    const value = values[figure.name];
    const most = value === undefined ? before[figure.name] : withMargin(value, figure);
    return most === undefined ? [] : [[figure.name, most]];
  });
  const lines = all.map(([name, most]) => `  ${JSON.stringify(name)}: ${most}`);
  writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`);
}

/** A whole number, or three digits, rounded up. */
function withMargin(value: number, { margin }: Figure): number {
  const most = value * (1 + margin / 100);
  if (most >= 100 || Number.isInteger(most)) return Math.ceil(most);
  const unit = most >= 10 ? 10 : 100;
  return Math.ceil(most * unit) / unit;
}

/** The commit that last changed the line of this figure; a text for a person. */
export function lastChange(file: string, name: string): string {
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .findIndex((each) => each.trim().startsWith(`${JSON.stringify(name)}:`));
  if (line === -1) return 'it is not in the file';
  try {
    const git = (...words: string[]): string =>
      execFileSync('git', words, { cwd: dirname(file), stdio: ['ignore', 'pipe', 'ignore'] })
        .toString()
        .trim();
    const blamed = git('blame', '--porcelain', `-L${line + 1},${line + 1}`, '--', file);
    const commit = blamed.slice(0, 40);
    if (/^0+$/.test(commit)) return 'changed here, not committed';
    return git('log', '-1', '--format=%h of %as by %an: %s', commit);
  } catch {
    return 'unknown without Git';
  }
}
