import type { CartLine } from '../api.ts';

/** US dollars, whatever is in the basket; orders adds the same to its total. */
export const shipping = 4.99;

export function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}

/** US dollars, shipping not included. */
export function subtotal(lines: Pick<CartLine, 'quantity' | 'unitPrice'>[]): number {
  return lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
}
