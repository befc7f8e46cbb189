/**
 * CREATED → PAID → SHIPPING → SHIPPED; from CREATED also PAYMENT_FAILED (declined) and CANCELLED (the caller was told 503).
 * Each step happens once: it is one conditional update of one document.
 */
export type OrderStatus =
  'CREATED' | 'PAID' | 'SHIPPING' | 'SHIPPED' | 'PAYMENT_FAILED' | 'CANCELLED';

/** From which statuses a step may come. SHIPPED may overtake SHIPPING: the event can be faster than shipping's answer. */
export const FROM: Record<Exclude<OrderStatus, 'CREATED'>, readonly OrderStatus[]> = {
  PAID: ['CREATED'],
  PAYMENT_FAILED: ['CREATED'],
  CANCELLED: ['CREATED'],
  SHIPPING: ['PAID'],
  SHIPPED: ['PAID', 'SHIPPING'],
};

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

export interface Order {
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
  /** Whether the ordered lines have left the cart. */
  readonly cartTaken: boolean;
}

/** US dollars, the same for every order. */
export const SHIPPING_COST = 4.99;

/** What the order costs, in US dollars, rounded to cents. */
export function totalOf(items: readonly OrderItem[]): number {
  const goods = items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
  return Math.round((goods + SHIPPING_COST) * 100) / 100;
}

/** Whether an order ended without being placed. */
export function hasFailed(status: OrderStatus): boolean {
  return status === 'PAYMENT_FAILED' || status === 'CANCELLED';
}

/** Whether orders has nothing more to do for it: neither pay, nor hand to shipping, nor take the lines from the cart. */
export function isFinal(status: OrderStatus, cartTaken: boolean): boolean {
  return hasFailed(status) || (cartTaken && (status === 'SHIPPING' || status === 'SHIPPED'));
}

/** Whether the customer was, or may have been, answered 201. */
export function wasPlaced(status: OrderStatus): boolean {
  return status !== 'CREATED' && !hasFailed(status);
}
