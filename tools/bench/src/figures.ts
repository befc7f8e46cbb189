import type { Spread } from './result.ts';

/** The median, with the least and the greatest where they differ. */
export function spread({ min, median, max }: Spread, digits?: number): string {
  if (min === max) return ms(median, digits);
  return `${ms(median, digits)} (${ms(min, digits)}–${ms(max, digits)})`;
}

/** With the digits that matter. */
export function ms(value: number, digits = value < 10 ? 2 : value < 100 ? 1 : 0): string {
  return value.toFixed(digits);
}

/** A ratio to the reference. */
export function times(ratio: number): string {
  return `${ratio.toFixed(0)} ×`;
}

/** Of KiB. */
export function mib(kib: number): string {
  return (kib / 1024).toFixed(0);
}

/** Of ms. */
export function seconds(value: number): string {
  return `${(value / 1000).toFixed(1)} s`;
}

/** Columns as wide as their widest cell, as Prettier writes them. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) =>
    Math.max(3, ...[cell, ...rows.map((row) => row[column] ?? '')].map((text) => text.length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
