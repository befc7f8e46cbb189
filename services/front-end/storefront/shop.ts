import { createContext, useContext } from 'react';
import type { Customer } from './api.ts';
import type { Cart } from './cart/use-cart.ts';
import type { Notice } from './ui/notice.ts';

/** What every part of a page shares. */
export interface Shop {
  loggedIn: boolean;
  /** Null until known. */
  customer: Customer | null;
  cart: Cart;
  /** Shows a notice beside earlier ones, or removes all of them. */
  notify: (notice: Notice | null) => void;
  openLogin: () => void;
  openRegister: () => void;
  /** Runs a call, and again after the customer logged in anew if the session has ended. */
  asCustomer: <T>(call: () => Promise<T>) => Promise<T>;
}

export const ShopContext = createContext<Shop | null>(null);

export function useShop(): Shop {
  const shop = useContext(ShopContext);
  if (!shop) throw new Error('no shop around this component');
  return shop;
}
