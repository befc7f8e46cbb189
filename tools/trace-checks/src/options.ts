import { command, InvalidArgumentError } from '@sockshop/cli';
import { CHECKS } from './checks.ts';

export const TRACE_CHECKS = command('npm run trace:checks --')
  .description(
    `Runs the test of each check that every span must satisfy, and writes docs/tracing-checks.md.
Exits with 1 unless all pass.`,
  )
  .option('--mutants', 'also changes one line for each, in a copy, and requires its test to fail')
  .option('--only <NUMBERS>', 'only these checks, such as 3,27', someNumbers);

function someNumbers(text: string): readonly number[] {
  const numbers = text.split(',').map(Number);
  const known = new Set(CHECKS.map(({ number }) => number));
  if (numbers.every((number) => known.has(number))) return numbers;
  throw new InvalidArgumentError(`The checks are numbered 1 to ${CHECKS.length}.`);
}
