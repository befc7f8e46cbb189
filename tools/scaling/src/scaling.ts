import { command, CommandError } from '@sockshop/cli';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCosts, writeCosts } from './costs.ts';
import { figuresOf } from './figures.ts';

export const SCALING = command('npm run scaling --')
  .description(
    `Computes the capacity model and the simulation of docs/scaling.md from measured costs (tools/scaling/costs.json),
prints the tables and renews them in the document.`,
  )
  .option('--measure', 'measures the costs anew, on shops of its own: about ten minutes');

export const DOCUMENT = join(import.meta.dirname, '../../../docs/scaling.md');

export async function scaling({ measure }: { measure?: true }): Promise<void> {
  if (measure) {
    const { measureCosts } = await import('./measure-costs.ts');
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        stop.abort(new CommandError('stopped before its end'));
      });
    writeCosts(await measureCosts(console.log, stop.signal));
  }
  const figures = figuresOf(readCosts());
  console.log(figures);
  writeFileSync(DOCUMENT, withFigures(readFileSync(DOCUMENT, 'utf8'), figures));
}

const BEGIN = '<!-- npm run scaling writes these tables -->';
const END = '<!-- prettier-ignore-end -->';

/** The document with these figures between its marks. */
export function withFigures(text: string, figures: string): string {
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from === -1 || to < from) throw new CommandError('The document has lost its marks.');
  return `${text.slice(0, from + BEGIN.length)}\n\n${figures}\n\n${text.slice(to)}`;
}
