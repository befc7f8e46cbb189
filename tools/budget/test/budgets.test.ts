import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BUDGETS_FILE, lastChange, readBudgets, updateBudgets } from '../src/budgets.ts';
import { FIGURES, nameOf } from '../src/figures.ts';
import { BUDGET, chosen } from '../src/options.ts';
import { compared } from '../src/report.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sock-shop-budget-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const spans = nameOf.count('spans', 'order', 'embedded');
const cpu = nameOf.cpu('order', 'embedded');

describe('tools/budget/budgets.json', () => {
  it('has a line for each figure, and no other', () => {
    const names = FIGURES.map(({ name }) => name);
    const budgets = readBudgets(BUDGETS_FILE);
    expect(Object.keys(budgets)).toEqual(names);
    expect(Object.values(budgets).every((most) => typeof most === 'number')).toBe(true);
    const lines = readFileSync(BUDGETS_FILE, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(names.length + 2);
  });
});

describe('npm run budget', () => {
  it('reports a figure over its budget, and the commit that last changed the budget', () => {
    const { table, problems } = compared(
      { [spans]: 61, [cpu]: 90 },
      { [spans]: 60, [cpu]: 100 },
      () => 'abc',
    );
    expect(problems).toEqual([
      `${spans} is 61, and its budget 60. The budget was last changed by abc`,
    ]);
    expect(table.split('\n').map((row) => row.trim().split(/\s{2,}/))).toEqual([
      ['figure', 'measured', 'budget', 'margin'],
      [spans, '61', '60', '-2 %', 'BROKEN'],
      [cpu, '90 × the reference', '100 × the reference', '10 %'],
    ]);
  });

  it('reports a figure without a budget', () => {
    const { problems } = compared({ [spans]: 61 }, {}, () => 'abc');
    expect(problems).toEqual([`${spans} has no budget: --update writes one.`]);
  });

  it('takes as many as the budget', () => {
    expect(compared({ [spans]: 60 }, { [spans]: 60 }, () => 'abc').problems).toEqual([]);
  });

  it('measures those figures alone that --only names', () => {
    const names = (...words: string[]): string[] =>
      chosen(BUDGET.parse(words, { from: 'user' }).opts()).map(({ name }) => name);
    expect(names('--only', 'order, embedded: spans')).toEqual([spans]);
    expect(() => BUDGET.parse(['--only', 'shoes'], { from: 'user' })).toThrow(
      /No figure has such a name/,
    );
  });

  it('writes measured figures with their margin, counts as they are, and leaves the others', () => {
    const page = nameOf.page('raw');
    const file = write('budgets.json', JSON.stringify({ [page]: 340, [cpu]: 1 }));
    updateBudgets(file, { [spans]: 58, [cpu]: 99.9 });
    expect(readFileSync(file, 'utf8')).toBe(
      `{\n  "${page}": 340,\n  "${spans}": 58,\n  "${cpu}": 125\n}\n`,
    );
  });

  it('knows from Git which commit last changed a budget', () => {
    const git = (...words: string[]): void => {
      const who = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
      execFileSync('git', [...who, '-c', 'commit.gpgsign=false', ...words], {
        cwd: folder,
        stdio: 'pipe',
      });
    };
    git('init', '-q');
    const save = (budgets: Record<string, number>, subject: string): string => {
      const file = write('budgets.json', `${JSON.stringify(budgets, undefined, 2)}\n`);
      git('add', '.');
      git('commit', '-q', '-m', subject);
      return file;
    };
    save({ [spans]: 60, [cpu]: 100 }, 'first budgets');
    const file = save({ [spans]: 62, [cpu]: 100 }, 'two more spans');
    expect(lastChange(file, spans)).toMatch(
      /^[0-9a-f]{7,} of \d{4}-\d\d-\d\d by Ann: two more spans$/,
    );
    expect(lastChange(file, cpu)).toMatch(/: first budgets$/);
    write('budgets.json', `${JSON.stringify({ [spans]: 70, [cpu]: 100 }, undefined, 2)}\n`);
    expect(lastChange(file, spans)).toBe('changed here, not committed');
  });
});
