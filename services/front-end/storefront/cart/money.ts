import type { CartLine } from '../api.ts';
import { language } from '../i18n/text.ts';

/** US dollars, whatever is in the basket; orders adds the same to its total. */
export const shipping = 4.99;

const format = new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en-US', {
  style: 'currency',
  currency: 'USD',
});

export function dollars(amount: number): string {
  return format.format(amount);
}

/** US dollars, shipping not included. */
export function subtotal(lines: Pick<CartLine, 'quantity' | 'unitPrice'>[]): number {
  return lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
}
