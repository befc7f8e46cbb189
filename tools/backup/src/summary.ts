import type { Totals } from './read-backup.ts';

/** What a person calls the rows of a table, in the order of telling. */
const WORDS: readonly (readonly [string, RegExp])[] = [
  ['customers', /\/customers$/],
  ['addresses', /\/addresses$/],
  ['cards', /\/cards$/],
  ['cart lines', /\/cart_item$/], // emptied ones too, which carry marks of the orders they went into
  ['orders', /\/customer_?order$/i],
  ['socks', /\/sock$/],
];

/** Such as `3 customers, 4 addresses`. */
export function summary(totals: Totals): string {
  return WORDS.map(([word, table]) => {
    const [, count = 0] = Object.entries(totals).find(([name]) => table.test(name)) ?? [];
    return `${count} ${word}`;
  }).join(', ');
}

export function size(bytes: number): string {
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
