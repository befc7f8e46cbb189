import type { StoredContext } from '@sockshop/tracing';
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

/** A card with only its last four digits and its month. The ccv is never stored. */
export interface Card {
  longNum: string;
  expires: string;
  ccv: string;
}

/** Masks a card; nothing else of it may be stored or shown. */
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
  /** Generated before payment is asked, so that a shipment that is sent twice is the same shipment. */
  readonly shipment: { readonly id: string; readonly name: string };
  readonly date: Date;
  /** US dollars, shipping included. */
  readonly total: number;
  /** The cart that the lines are taken from. */
  readonly cartId: string;
  /** How many orders had had the lines of that cart when this one read them; absent means none. */
  readonly cartTurn?: number;
  /** The trace in which it was created; absent when it was created without tracing. No response shows it. */
  readonly createdIn?: StoredContext;
  readonly status: OrderStatus;
  /** Append-only: every status and when it began. */
  readonly history: readonly { readonly status: OrderStatus; readonly at: Date }[];
}
