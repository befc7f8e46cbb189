import { useEffect, useRef, useState } from 'react';
import { getCart, removeFromCart, setQuantity, type CartLine } from '../api.ts';
import { text } from '../i18n/text.ts';
import { problem, type Notice } from '../ui/notice.ts';
import { useLoad } from '../ui/use-load.ts';

/** A pause in typing after which a quantity is saved. */
const pauseMs = 600;

/** The cart as the shopper wants it: what is changed shows at once, and falls back if the server refuses it. */
export interface Cart {
  /** Undefined until the first answer. */
  data: CartLine[] | undefined;
  error: unknown;
  reload: () => void;
  /** From 1; saved after a pause. */
  setQuantity: (itemId: string, quantity: number) => void;
  remove: (itemId: string) => void;
  /** Saves at once what waits. Answers the cart, or null after a failure, which was told. */
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
  const lines = loaded.data && applied(loaded.data, wanted);

  const save = async (itemId: string, quantity: number): Promise<boolean> => {
    let saved = true;
    try {
      await asCustomer(() => send(itemId, quantity));
      loaded.change((before) => applied(before, new Map([[itemId, quantity]])));
    } catch (error) {
      saved = false;
      notify(problem(error, text.basket.notUpdated));
      loaded.reload(); // what it is now, somewhere else may have changed it too
    }
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
    data: lines,
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
      return saved ? (lines ?? null) : null;
    },
  };
}

function send(itemId: string, quantity: number): Promise<void> {
  return quantity === 0 ? removeFromCart(itemId) : setQuantity(itemId, quantity);
}

function applied(lines: CartLine[], wanted: ReadonlyMap<string, number>): CartLine[] {
  return lines
    .map((line) => ({ ...line, quantity: wanted.get(line.itemId) ?? line.quantity }))
    .filter(({ quantity }) => quantity > 0);
}
