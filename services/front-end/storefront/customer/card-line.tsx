import type { Order } from '../api.ts';
import { text } from '../i18n/text.ts';

/** An order's copy of a card is enough: it has no id. */
export function CardLine({ card: { longNum, expires } }: { card: Order['card'] }) {
  return (
    <span className="card-line">
      {text.checkout.cardEnding(longNum.slice(-4))}
      <span className="muted">{text.checkout.expires(expires)}</span>
    </span>
  );
}
