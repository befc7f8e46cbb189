import type { OrderStatus, TasksDone } from './order-status.ts';

export interface OrderItem {
  id: string;
  itemId: string;
  quantity: number;
  /** US dollars. */
  unitPrice: number;
}

export interface Address {
  number: string;
  street: string;
  city: string;
  postcode: string;
  country: string;
}

/** What is kept of a card: the last four digits and the month; the ccv never. */
export interface Card {
  longNum: string;
  expires: string;
  ccv: string;
}

/** All that orders may keep or show of a card. */
export function masked({ longNum, expires }: Pick<Card, 'longNum' | 'expires'>): Card {
  return { longNum: longNum.replace(/.(?=.{4})/g, '*'), expires, ccv: '***' };
}

export interface Order extends TasksDone {
  /** 24 hex digits. */
  readonly id: string;
  readonly customerId: string;
  readonly customer: {
    readonly firstName: string;
    readonly lastName: string;
    readonly username: string;
  };
  readonly address: Address;
  readonly card: Card;
  readonly items: readonly OrderItem[];
  /** Chosen before payment is asked, so that a shipment sent twice is the same shipment. */
  readonly shipment: { readonly id: string; readonly name: string };
  readonly date: Date;
  /** US dollars, shipping included. */
  readonly total: number;
  /** The cart to take the lines from. */
  readonly cartId: string;
  readonly status: OrderStatus;
  /** Append-only: the ledger of what happened when. */
  readonly history: readonly { readonly status: OrderStatus; readonly at: Date }[];
}

/** US dollars, the same for every order. */
export const SHIPPING_COST = 4.99;

/** What the order costs, in US dollars, rounded to cents. */
export function totalOf(items: readonly OrderItem[]): number {
  const goods = items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
  return cents(goods + SHIPPING_COST);
}

/** US dollars, rounded: binary fractions are not exact. */
export function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
