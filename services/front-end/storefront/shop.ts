import { createContext, useContext } from 'react';
import type { CartLine, Customer } from './api.ts';
import type { Notice } from './ui/notice.ts';
import type { Loaded } from './ui/use-load.ts';

/** What every part of a page shares. */
export interface Shop {
  loggedIn: boolean;
  /** Null until known. */
  customer: Customer | null;
  cart: Loaded<CartLine[]>;
  /** Shows a notice on top of the page, or takes it away. */
  notify: (notice: Notice | null) => void;
  openLogin: () => void;
  openRegister: () => void;
}

export const ShopContext = createContext<Shop | null>(null);

export function useShop(): Shop {
  const shop = useContext(ShopContext);
  if (!shop) throw new Error('no shop around this component');
  return shop;
}
