import { aligned } from '@sockshop/cli';
import type { Values } from './exact-figures.ts';
import { FIGURES, type Figure } from './figures.ts';

const HEAD = ['figure', 'measured', 'budget', 'margin', ''];

/** A row for each measured figure. `problems`: what is over its budget or has none, one line each. */
export function compared(
  values: Values,
  budgets: Values,
  lastChange: (name: string) => string,
): { table: string; problems: string[] } {
  const measured = FIGURES.filter(({ name }) => values[name] !== undefined);
  const rows = measured.map((figure) => {
    const value = values[figure.name] ?? 0;
    const most = budgets[figure.name];
    const verdict = most === undefined ? 'no budget' : value > most ? 'BROKEN' : '';
    const margin = most === undefined ? '' : `${Math.round(100 * (1 - value / most)) || 0} %`;
    return [
      figure.name,
      shown(value, figure),
      most === undefined ? '–' : shown(most, figure),
      margin,
      verdict,
    ];
  });
  const problems = measured.flatMap((figure) => {
    const value = values[figure.name] ?? 0;
    const most = budgets[figure.name];
    if (most === undefined) return [`${figure.name} has no budget: --update writes one.`];
    if (value <= most) return [];
    return [
      `${figure.name} is ${shown(value, figure)}, and its budget ${shown(most, figure)}. The budget was last changed by ${lastChange(figure.name)}`,
    ];
  });
  return { table: aligned([HEAD, ...rows]), problems };
}

function shown(value: number, { unit }: Figure): string {
  const digits = Number.isInteger(value) || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${unit}`.trim();
}
