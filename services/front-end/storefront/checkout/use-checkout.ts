import { useRef, useState } from 'react';
import { ApiError } from '../api-error.ts';
import {
  getCart,
  listAddresses,
  listCards,
  placeOrder,
  type Address,
  type Card,
  type CartLine,
  type Choice,
} from '../api.ts';
import { dollars } from '../cart/money.ts';
import { isExpired } from '../customer/card-expiry.ts';
import { tellNextPage } from '../frame/next-page-notice.ts';
import { text } from '../i18n/text.ts';
import { checkoutPath, orderPath } from '../links.ts';
import { useShop } from '../shop.ts';
import { problem, success, type Notice } from '../ui/notice.ts';
import { useLoad, type Loaded } from '../ui/use-load.ts';
import { checkoutKey, closeCheckout } from './checkout-key.ts';
import { keepChoice, keptChoice } from './choice.ts';

export interface Checkout {
  /** Empty for a guest. */
  addresses: Loaded<Address[]>;
  cards: Loaded<Card[]>;
  /** The chosen ones: the first unless the customer says otherwise, and of the cards the first that has not expired. */
  address: Address | undefined;
  card: Card | undefined;
  choose: (choice: Choice) => void;
  /** Ordering goes on, or is done. */
  busy: boolean;
  outcome: Notice | null;
  order: () => void;
}

export function useCheckout(): Checkout {
  const { loggedIn, cart, asCustomer } = useShop();
  const who = String(loggedIn);
  const addresses = useLoad<Address[]>(async () => (loggedIn ? listAddresses() : []), who);
  const cards = useLoad<Card[]>(async () => (loggedIn ? listCards() : []), who);
  const [choice, setChoice] = useState(keptChoice);
  const address = addresses.data?.find(({ id }) => id === choice.address) ?? addresses.data?.[0];
  const card =
    cards.data?.find(({ id }) => id === choice.card) ??
    cards.data?.find(({ expires }) => !isExpired(expires)) ??
    cards.data?.[0];
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Notice | null>(null);
  const ordering = useRef(false); // a ref, not state: a second click can come before React renders again

  const place = async (lines: CartLine[]) => {
    const ids = { ...(address?.id && { address: address.id }), ...(card?.id && { card: card.id }) };
    let id: string;
    try {
      id = await asCustomer(() => placeOrder(checkoutKey(lines), ids));
    } catch (error) {
      setOutcome(await refused(error));
      return false;
    }
    closeCheckout();
    setOutcome(success(text.checkout.placed));
    tellNextPage(text.checkout.placed);
    location.assign(orderPath(id)); // the server takes the ordered lines out of the cart
    return true;
  };

  const order = async () => {
    if (ordering.current) return;
    ordering.current = true;
    setBusy(true);
    setOutcome(null);
    const lines = await cart.settle();
    if (lines && (await place(lines))) return; // the next page is on its way
    ordering.current = false;
    setBusy(false);
  };

  return {
    addresses,
    cards,
    address,
    card,
    choose: (next) => {
      const both = { ...choice, ...next };
      keepChoice(both);
      setChoice(both);
      setOutcome(null);
    },
    busy,
    outcome,
    order: () => {
      if (!loggedIn) location.assign(checkoutPath(1));
      else if (!address || !card) setOutcome(mistake(text.checkout.missing));
      else void order();
    },
  };
}

function mistake(words: string): Notice {
  return { kind: 'error', text: words, traceId: null };
}

/** The key stays where the order may exist all the same: a try with it then finds that order. */
async function refused(error: unknown): Promise<Notice> {
  const { status, message } = error instanceof ApiError ? error : { status: 0, message: '' };
  if (status === 401) return mistake(text.checkout.mustLogIn);
  if (status === 422) closeCheckout();
  const notice = problem(error, status === 406 ? text.checkout.refused : text.checkout.failed);
  const overLimit = status === 406 && message.includes('amount exceeds');
  const cart = overLimit && (await getCart().catch(() => undefined)); // without it the notice has no hint
  if (!cart) return notice;
  return { ...notice, hint: text.checkout.overLimit(dollars(cart.total)) };
}
