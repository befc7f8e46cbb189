import type { Choice } from '../api.ts';
import { keep, kept } from '../ui/kept.ts';

const name = 'checkout-choice';

/** The address and card that were last chosen in this browser, maybe by another customer: ids only. */
export function keptChoice(): Choice {
  const [address, card] = kept(name)?.split('|') ?? [];
  return { ...(address && { address }), ...(card && { card }) };
}

export function keepChoice({ address = '', card = '' }: Choice): void {
  keep(name, `${address}|${card}`);
}
