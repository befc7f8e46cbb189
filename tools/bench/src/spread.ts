import type { Spread } from './result.ts';

/** Of an even number of values the mean of the two in the middle. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const { length } = sorted;
  const middle = sorted[Math.floor(length / 2)] ?? 0;
  const median = length % 2 === 0 ? ((sorted[length / 2 - 1] ?? 0) + middle) / 2 : middle;
  return {
    min: rounded(sorted[0] ?? 0),
    median: rounded(median),
    max: rounded(sorted.at(-1) ?? 0),
  };
}

/** To four digits: more is noise, and a smaller file. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
