import type { CartLine, Choice } from '../api.ts';
import { keep, kept } from '../ui/kept.ts';

const name = 'checkout';

/**
 * One key per checkout: a second click, a second tab or a reload after a lost answer must not order
 * twice. A checkout is known by its choice and its cart lines, whose ids are new once they were ordered.
 */
export function checkoutKey(lines: CartLine[], { address = '', card = '' }: Choice): string {
  const socks = lines.map(({ id, quantity }) => `${id}×${quantity}`).join(' ');
  const basket = `${address} ${card} ${socks}`;
  const [key, forBasket] = kept(name)?.split('|') ?? [];
  if (key && forBasket === basket) return key;
  const fresh = randomUuid();
  keep(name, `${fresh}|${basket}`);
  return fresh;
}

export function forgetCheckoutKey(): void {
  keep(name, null);
}

/** `crypto.randomUUID` exists on https and localhost only, and the shop is also opened by plain IP. */
function randomUuid(): string {
  if (isSecureContext) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5'); // version 4
}
