import type { Order, OrderStatus } from './order.ts';

/** An order as it is first stored: CREATED. */
export type NewOrder = Omit<Order, 'status' | 'history' | 'cartTaken' | 'shipmentSent'>;

export interface OrderPage {
  orders: Order[];
  /** Over all pages. */
  total: number;
}

/** How long an idempotency key is remembered. */
export const KEY_LIFE_MS = 24 * 60 * 60 * 1000;

/** The port. Lists hold what the customer was told exists: orders that were paid. */
export abstract class OrderStore {
  /** Stores it as CREATED. False when another order holds `key` already. */
  abstract insert(order: NewOrder, key: string | undefined): Promise<boolean>;
  abstract byId(id: string): Promise<Order | undefined>;
  /** The order that holds this idempotency key; a key older than KEY_LIFE_MS is given up by the order that holds it. */
  abstract byKey(key: string): Promise<Order | undefined>;
  abstract byShipment(shipmentId: string): Promise<Order | undefined>;
  abstract byCustomer(customerId: string, newestFirst: boolean): Promise<Order[]>;
  /** `page` counts from 0. Orders of the same millisecond keep one order among them: each is on one page only. */
  abstract page(page: number, size: number, newestFirst: boolean): Promise<OrderPage>;

  /**
   * One step of the state machine, at most once: the order as it is after the step, or undefined when it was not in one of the statuses the
   * step may come from. `cartTaken` says in the same step that the lines have left the cart. From SHIPPING on the shipment is sent. An
   * order that fails gives its idempotency key up.
   */
  abstract advance(
    id: string,
    to: Exclude<OrderStatus, 'CREATED'>,
    at: Date,
    cartTaken?: boolean,
  ): Promise<Order | undefined>;
  /** Notes what is done beside the status, never what is not; when both are, the order is finished. */
  abstract markDone(id: string, done: Pick<Order, 'cartTaken' | 'shipmentSent'>): Promise<void>;
  /** Orders handed to shipping and not touched since `before` have to be sent again: their messages died with the process. */
  abstract reopenShipping(before: Date): Promise<void>;

  /** Ids of unfinished orders that nobody has touched since `before`, oldest first. */
  abstract leftBehind(before: Date, limit: number): Promise<string[]>;
  /** Says that somebody works on the order from now on; undefined when another one was faster, or it is finished. */
  abstract claim(id: string, before: Date): Promise<Order | undefined>;

  abstract delete(id: string): Promise<boolean>;
  abstract ping(): Promise<void>;
  abstract close(): Promise<void> | void;

  /** Nest calls it after the consumer and the sweep have stopped. */
  onApplicationShutdown(): Promise<void> | void {
    return this.close();
  }
}
