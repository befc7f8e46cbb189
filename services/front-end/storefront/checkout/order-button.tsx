import { dollars } from '../cart/money.ts';
import { text } from '../i18n/text.ts';
import { useShop } from '../shop.ts';
import { NoticePlace } from '../ui/notice-place.tsx';
import type { Checkout } from './use-checkout.ts';

/** Says first what a click will do, and what it costs: the server's total, left out while a changed quantity has none yet. */
export function OrderButton({ checkout }: { checkout: Checkout }) {
  const { loggedIn, cart } = useShop();
  const { busy, outcome, order, address, card } = checkout;
  const total = cart.data && !cart.priceOutdated ? dollars(cart.data.total) : undefined;
  const empty = cart.data?.items.length === 0;
  const sentence =
    address && card
      ? text.basket.willOrder(`${address.number} ${address.street}`, card.longNum.slice(-4))
      : !loggedIn && text.basket.asGuest;
  return (
    <div className="order">
      <NoticePlace id="user-message" notice={outcome} />
      <button
        type="button"
        id="orderButton"
        className={busy ? 'btn btn-primary btn-wide busy' : 'btn btn-primary btn-wide'}
        disabled={!cart.data || empty || busy}
        aria-describedby="order-hint"
        onClick={order}
      >
        {loggedIn ? text.checkout.orderNow(total) : text.basket.checkout}
      </button>
      <p id="order-hint" className="muted">
        {sentence}
      </p>
    </div>
  );
}
