import { command, InvalidArgumentError } from '@sockshop/cli';
import { type Figure, FIGURES } from './figures.ts';

export const BUDGET = command('npm run budget --')
  .description(
    `Measures what the shop costs and compares it with tools/budget/budgets.json: ratios, counts and sizes, no seconds.
Exits with 1 and the commit that last changed the budget when a figure is over it.`,
  )
  .option(
    '--only <TEXT>',
    'only figures whose names contain it; may be given again',
    someFigures,
    [] as readonly string[],
  )
  .option('--update', 'writes what is measured, with a margin, as the new budgets')
  .addHelpText('after', `\nFigures and their margins:\n${listed()}`);

export interface BudgetOptions {
  readonly only: readonly string[];
  readonly update?: true;
}

export function chosen({ only }: BudgetOptions): Figure[] {
  return FIGURES.filter(
    ({ name }) => only.length === 0 || only.some((text) => name.includes(text)),
  );
}

function someFigures(text: string, before: readonly string[]): string[] {
  if (FIGURES.some(({ name }) => name.includes(text))) return [...before, text];
  throw new InvalidArgumentError('No figure has such a name: --help lists them.');
}

function listed(): string {
  return FIGURES.map(({ name, margin }) => `  ${name} (${margin} %)`).join('\n');
}
