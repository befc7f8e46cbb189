import { useRef, useState } from 'react';
import { ApiError } from '../api-error.ts';
import { getCustomer, type Customer } from '../api.ts';
import { text } from '../i18n/text.ts';
import { loggedInCookie } from './session.ts';

export interface Login {
  dialog: 'login' | 'register' | null;
  /** The dialog is there because the session has ended. */
  expired: boolean;
  open: (dialog: 'login' | 'register') => void;
  close: () => void;
  /** To be called once the shopper is logged in. */
  done: () => void;
  /** Runs `call`; where the session has ended, after the same customer logged in again. */
  asCustomer: <T>(call: () => Promise<T>) => Promise<T>;
}

interface Waiting {
  goOn: () => void;
  giveUp: () => void;
}

/** `customer` is who this page was made for: null for a guest. */
export function useLogin(customer: Customer | null): Login {
  const [dialog, setDialog] = useState<Login['dialog']>(null);
  const waiting = useRef<Waiting | null>(null);
  const [expired, setExpired] = useState(false);

  const logInAgain = () =>
    new Promise<void>((resolve, reject) => {
      waiting.current?.giveUp();
      waiting.current = {
        goOn: resolve,
        giveUp: () => {
          reject(new ApiError(text.errors.loginFirst, 401));
        },
      };
      setExpired(true);
      setDialog('login');
    });

  const close = () => {
    setDialog(null);
    setExpired(false);
    waiting.current?.giveUp();
    waiting.current = null;
  };

  const finish = async () => {
    const wait = waiting.current;
    const now = wait && (await getCustomer(loggedInCookie()));
    if (!wait || now?.username !== customer?.username) {
      location.reload(); // every part of the page shows the customer, the cart is another one
      return;
    }
    waiting.current = null;
    close();
    wait.goOn();
  };

  return {
    dialog,
    expired,
    open: setDialog,
    close,
    done: () => void finish(),
    asCustomer: async (call) => {
      // Without its cookie the server would take the customer for a guest, whose cart is another one.
      const gone = customer !== null && loggedInCookie() === '';
      if (gone) await logInAgain();
      try {
        return await call();
      } catch (error) {
        if (customer === null || !(error instanceof ApiError) || error.status !== 401) throw error;
      }
      await logInAgain();
      return call();
    },
  };
}
