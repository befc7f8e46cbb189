import { text } from '../i18n/text.ts';
import { useShop } from '../shop.ts';
import { NoticeBox } from '../ui/notice-box.tsx';
import type { Checkout } from './use-checkout.ts';

/** Says first what a click will do. */
export function OrderButton({ checkout, label }: { checkout: Checkout; label: string }) {
  const { loggedIn, cart } = useShop();
  const { busy, outcome, order, address, card } = checkout;
  const empty = cart.data?.items.length === 0;
  const sentence =
    address && card
      ? text.basket.willOrder(`${address.number} ${address.street}`, card.longNum.slice(-4))
      : !loggedIn && text.basket.asGuest;
  return (
    <div className="order">
      <div id="user-message" role="status">
        {outcome && <NoticeBox notice={outcome} />}
      </div>
      <button
        type="button"
        id="orderButton"
        className={busy ? 'btn btn-primary btn-wide busy' : 'btn btn-primary btn-wide'}
        disabled={!cart.data || empty || busy}
        aria-describedby="order-hint"
        onClick={order}
      >
        {label}
      </button>
      <p id="order-hint" className="muted">
        {sentence}
      </p>
    </div>
  );
}
