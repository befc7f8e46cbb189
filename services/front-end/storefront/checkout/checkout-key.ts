import type { CartLine } from '../api.ts';
import { keep, kept } from '../ui/kept.ts';

const name = 'checkout';

/** Read once, when the page loads: a second window that still shows the old cart computes the same key and gets the existing order. */
let last = kept(name) ?? '';

/**
 * One key per checkout: a second click, a second window or a reload after a lost response must not order twice. It is computed from the
 * cart's lines, which get new ids after an order, so two windows compute the same key. It also contains what the last order left here,
 * because a line keeps its id when its quantity grew during that order.
 */
export function checkoutKey(lines: CartLine[]): string {
  const basket = lines.map(({ id, quantity }) => `${id}×${quantity}`).join(' ');
  const text = `${last} ${basket}`;
  return `checkout-${hash(text, 1)}${hash(text, 2)}`;
}

/** Gives the next order another key, whatever is in it. */
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
