import type { CartLine } from '../api.ts';
import { keep, kept } from '../ui/kept.ts';

const name = 'checkout';

/** As the page was loaded: a window that still shows the cart of before the last order gets that order again. */
let last = kept(name) ?? '';

/**
 * One key per checkout: a second click, a second window or a reload after a lost answer must not order twice. It is made of the
 * cart's lines, whose ids are new once they were ordered, so two windows need not agree on it first; and of what the last order left
 * here, for lines that were added to while they were ordered.
 */
export function checkoutKey(lines: CartLine[]): string {
  const basket = lines.map(({ id, quantity }) => `${id}×${quantity}`).join(' ');
  const text = `${last} ${basket}`;
  return `checkout-${hash(text, 1)}${hash(text, 2)}`;
}

/** The next order is another one, whatever is in it. */
export function closeCheckout(): void {
  last = crypto.getRandomValues(new Uint32Array(2)).join('-');
  keep(name, last);
}

/** 53 bits, after cyrb53: `crypto.subtle` exists on https and localhost only, and the shop is also opened by plain IP. */
function hash(text: string, seed: number): string {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ seed;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36);
}
