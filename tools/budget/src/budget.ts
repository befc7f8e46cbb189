import { CommandError } from '@sockshop/cli';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUDGETS_FILE, lastChange, readBudgets, updateBudgets } from './budgets.ts';
import { imageFigures, type Values } from './exact-figures.ts';
import { type Figure, WAYS } from './figures.ts';
import { shopFigures } from './measured-figures.ts';
import { type BudgetOptions, chosen } from './options.ts';
import { compared } from './report.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** The exit code: 1 when a figure is over its budget, or has none. */
export async function budget(options: BudgetOptions): Promise<number> {
  const values = await measured(options);
  if (options.update) updateBudgets(BUDGETS_FILE, values);
  const change = (name: string): string => lastChange(BUDGETS_FILE, name);
  const { table, problems } = compared(values, readBudgets(BUDGETS_FILE), change);
  console.log(`\n${table}\n`);
  for (const problem of problems) console.log(problem);
  console.log(
    problems.length === 0
      ? 'All within budget.'
      : `${problems.length} without, or over, their budget.`,
  );
  return problems.length === 0 ? 0 : 1;
}

async function measured(options: BudgetOptions): Promise<Values> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      stop.abort(new CommandError('stopped before its end'));
    });
  const figures = chosen(options);
  const names = new Set(figures.map(({ name }) => name));
  const isFrom = (place: Figure['from']): boolean => figures.some(({ from }) => from === place);
  const values: Record<string, number> = {};
  if (isFrom('images')) Object.assign(values, await imageFigures(ROOT));
  for (const way of WAYS.filter(isFrom)) {
    const folder = mkdtempSync(join(tmpdir(), 'sock-shop-budget-'));
    try {
      Object.assign(values, await shopFigures(way, folder, names, say, stop.signal));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
}

function say(line: string): void {
  console.log(`  ${line}`);
}
