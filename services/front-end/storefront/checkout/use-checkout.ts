import { useState } from 'react';
import { ApiError } from '../api-error.ts';
import { getAddress, getCard, placeOrder, type Address, type CartLine } from '../api.ts';
import { checkoutKey, forgetCheckoutKey } from './checkout-key.ts';
import { ordersPath } from '../links.ts';
import { tellNextPage } from '../frame/next-page-notice.ts';
import { problem, success, type Notice } from '../ui/notice.ts';
import { useShop } from '../shop.ts';
import { useLoad, type Loaded } from '../ui/use-load.ts';

export interface Checkout {
  cart: Loaded<CartLine[]>;
  /** Null where the customer has none, or is not logged in. */
  address: Loaded<Address | null>;
  card: Loaded<{ number: string } | null>;
  /** Ordering goes on, or is done. */
  busy: boolean;
  outcome: Notice | null;
  order: () => void;
}

export function useCheckout(): Checkout {
  const { loggedIn, cart } = useShop();
  const address = useLoad(async () => (loggedIn ? getAddress() : null), String(loggedIn));
  const card = useLoad(async () => (loggedIn ? getCard() : null), String(loggedIn));
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Notice | null>(null);

  const order = async (lines: CartLine[]) => {
    setBusy(true);
    setOutcome(null);
    try {
      await placeOrder(checkoutKey(lines));
    } catch (error) {
      setOutcome(refused(error));
      setBusy(false);
      return;
    }
    forgetCheckoutKey();
    setOutcome(success('Order placed.'));
    tellNextPage('Order placed.');
    location.assign(ordersPath); // the server takes the ordered lines out of the cart
  };

  return {
    cart,
    address,
    card,
    busy,
    outcome,
    order: () => {
      if (!loggedIn) setOutcome(mistake('You must be logged in to place an order.'));
      else if (address.data === null || card.data === null)
        setOutcome(mistake('Could not place order. Missing shipping or payment information.'));
      else if (cart.data && !busy) void order(cart.data);
    },
  };
}

function mistake(text: string): Notice {
  return { kind: 'error', text, traceId: null };
}

/** Keeps the key where the order may exist all the same: a try with it then finds that order. */
function refused(error: unknown): Notice {
  const status = error instanceof ApiError ? error.status : 0;
  if (status === 401) return mistake('You must be logged in to place an order.');
  if (status === 406 || status === 422) forgetCheckoutKey();
  return problem(error, status === 406 ? 'Error placing order. ' : 'Could not place order. ');
}
