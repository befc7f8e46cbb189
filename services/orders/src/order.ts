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

/** All that orders may keep or show of a card. */
export function masked({ longNum, expires }: Pick<Card, 'longNum' | 'expires'>): Card {
  return { longNum: longNum.replace(/.(?=.{4})/g, '*'), expires, ccv: '***' };
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
  /** Whether shipping has it; false again when the queue it was in died with its process. */
  readonly shipmentSent: boolean;
}

/** US dollars, the same for every order. */
export const SHIPPING_COST = 4.99;

/** What the order costs, in US dollars, rounded to cents. */
export function totalOf(items: readonly OrderItem[]): number {
  const goods = items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
  return cents(goods + SHIPPING_COST);
}

/** US dollars without the dust of binary fractions. */
export function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}

/** Whether an order ended without being placed. */
export function hasFailed(status: OrderStatus): boolean {
  return status === 'PAYMENT_FAILED' || status === 'CANCELLED';
}

/** Whether shipping has the order. */
export function isSent(status: OrderStatus): boolean {
  return status === 'SHIPPING' || status === 'SHIPPED';
}

/** Whether orders has nothing more to do for it: neither pay, nor hand to shipping, nor take the lines from the cart. */
export function isFinal(status: OrderStatus, cartTaken: boolean): boolean {
  return hasFailed(status) || (cartTaken && isSent(status));
}

/** Whether the customer was, or may have been, answered 201. */
export function wasPlaced(status: OrderStatus): boolean {
  return status !== 'CREATED' && !hasFailed(status);
}
