import type { Order } from '../api.ts';
import { text } from '../i18n/text.ts';
import { isExpired } from './card-expiry.ts';

interface Props {
  /** An order's copy is enough: it has no id. */
  card: Order['card'];
  /** When it was used: an order's card may have expired since. */
  at?: Date;
}

export function CardLine({ card: { longNum, expires }, at }: Props) {
  const expired = isExpired(expires, at);
  return (
    <span className="card-line">
      {text.checkout.cardEnding(longNum.slice(-4))}
      <span className={expired ? 'expired' : 'muted'}>
        {expired ? text.checkout.expired(expires) : text.checkout.expires(expires)}
      </span>
    </span>
  );
}
