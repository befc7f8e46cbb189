import type { Card } from '../api.ts';
import { text } from '../i18n/text.ts';

export function CardLine({ card: { longNum, expires } }: { card: Card }) {
  return (
    <span className="card-line">
      {text.checkout.cardEnding(longNum.slice(-4))}
      <span className="muted">{text.checkout.expires(expires)}</span>
    </span>
  );
}
