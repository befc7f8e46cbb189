import { NoticeBox } from '../ui/notice-box.tsx';
import type { Checkout } from './use-checkout.ts';

interface Props {
  checkout: Checkout;
  text: string;
  /** The quantities on screen are not the ones in the cart. */
  unsaved?: boolean;
}

export function OrderButton({ checkout, text, unsaved = false }: Props) {
  const { cart, busy, outcome, order } = checkout;
  const empty = cart.data?.length === 0;
  return (
    <div>
      <div id="user-message" role="status">
        {outcome && <NoticeBox notice={outcome} />}
      </div>
      {unsaved && <p>Update the basket to order the new quantities.</p>}
      <button
        type="button"
        id="orderButton"
        className="btn btn-primary btn-wide"
        disabled={!cart.data || empty || unsaved || busy}
        onClick={order}
      >
        {text}
      </button>
    </div>
  );
}
