import { useEffect, useRef, useState } from 'react';
import { getCart, removeFromCart, setQuantity, type CartLine, type PricedCart } from '../api.ts';
import { text } from '../i18n/text.ts';
import { problem, type Notice } from '../ui/notice.ts';
import { useLoad } from '../ui/use-load.ts';

/** A pause in typing after which a quantity is saved. */
const pauseMs = 600;

/** The cart as the shopper wants it: a changed quantity shows at once, and falls back if the server refuses it. The price is the server's. */
export interface Cart {
  /** Undefined until the first answer. */
  data: PricedCart | undefined;
  /** The server has not priced the quantities that show. */
  priceOutdated: boolean;
  error: unknown;
  reload: () => void;
  /** From 1; saved after a pause. */
  setQuantity: (itemId: string, quantity: number) => void;
  remove: (itemId: string) => void;
  /** Saves waiting changes at once. Returns the lines, or null after a failure, which shows as a notice. */
  settle: () => Promise<CartLine[] | null>;
}

interface Props {
  notify: (notice: Notice) => void;
  /** Runs a call, and again after the shopper logged in anew if the session has ended. */
  asCustomer: <T>(call: () => Promise<T>) => Promise<T>;
}

export function useCart({ notify, asCustomer }: Props): Cart {
  const loaded = useLoad(getCart);
  /** Quantities that the server does not have yet, by sock; 0 for one that is taken out. */
  const [wanted, setWanted] = useState<ReadonlyMap<string, number>>(new Map());
  const waiting = useRef(new Map<string, { quantity: number; timer: number }>());
  const saves = useRef<Promise<boolean>>(Promise.resolve(true));
  const data = loaded.data && applied(loaded.data, wanted);

  const save = async (itemId: string, quantity: number): Promise<boolean> => {
    let saved = true;
    try {
      await asCustomer(() => send(itemId, quantity));
      loaded.change((before) => applied(before, new Map([[itemId, quantity]])));
    } catch (error) {
      saved = false;
      notify(problem(error, text.basket.notUpdated));
    }
    loaded.reload(); // for the price, and because another window may have changed the cart too
    // A newer wish for the same sock stays.
    setWanted((all) => new Map([...all].filter((one) => one[0] !== itemId || one[1] !== quantity)));
    return saved;
  };

  const saveNow = (itemId: string) => {
    const next = waiting.current.get(itemId);
    if (!next) return;
    clearTimeout(next.timer);
    waiting.current.delete(itemId);
    // One after the other: the last wish is the one that stays.
    saves.current = saves.current.then(() => save(itemId, next.quantity));
  };

  const want = (itemId: string, quantity: number) => {
    clearTimeout(waiting.current.get(itemId)?.timer);
    setWanted((all) => new Map(all).set(itemId, quantity));
    const later = () => {
      saveNow(itemId);
    };
    waiting.current.set(itemId, { quantity, timer: window.setTimeout(later, pauseMs) });
  };

  useEffect(() => {
    const leave = () => {
      for (const [itemId, { quantity, timer }] of waiting.current) {
        clearTimeout(timer);
        void send(itemId, quantity); // goes on without the page
      }
      waiting.current.clear();
    };
    addEventListener('pagehide', leave);
    return () => {
      removeEventListener('pagehide', leave);
    };
  }, []);

  return {
    data,
    priceOutdated: wanted.size > 0 || loaded.waiting,
    error: loaded.error,
    reload: loaded.reload,
    setQuantity: want,
    remove: (itemId) => {
      want(itemId, 0);
      saveNow(itemId);
    },
    settle: async () => {
      for (const itemId of [...waiting.current.keys()]) saveNow(itemId);
      const saved = await saves.current;
      saves.current = Promise.resolve(true);
      return saved ? (data?.items ?? null) : null;
    },
  };
}

function send(itemId: string, quantity: number): Promise<void> {
  return quantity === 0 ? removeFromCart(itemId) : setQuantity(itemId, quantity);
}

function applied(cart: PricedCart, wanted: ReadonlyMap<string, number>): PricedCart {
  const items = cart.items
    .map((line) => ({ ...line, quantity: wanted.get(line.itemId) ?? line.quantity }))
    .filter(({ quantity }) => quantity > 0);
  return { ...cart, items };
}
