import type { Order } from './order.ts';
import type { NextStatus, TasksDone } from './order-status.ts';

/** An order as it is first stored: CREATED. */
export type NewOrder = Omit<Order, 'status' | 'history' | keyof TasksDone>;

export interface OrderPage {
  orders: Order[];
  /** Over all pages. */
  total: number;
}

/** A part of a list. */
export interface Part {
  readonly skip: number;
  readonly limit: number;
}

export interface CartTurn {
  turn: number;
  orderId?: string | undefined;
}

/** How long an idempotency key is remembered. */
const KEY_LIFE_MS = 24 * 60 * 60 * 1000;

/** The port. Lists contain placed orders only. */
export abstract class OrderStore {
  /** Stores the order as CREATED. False when another order holds `key`. */
  abstract insert(order: NewOrder, key: string | undefined): Promise<boolean>;
  abstract byId(id: string): Promise<Order | undefined>;
  abstract byShipment(shipmentId: string): Promise<Order | undefined>;
  /** All orders of a customer, or a part of them. */
  abstract byCustomer(customerId: string, newestFirst: boolean, part?: Part): Promise<Order[]>;
  /** `page` counts from 0. Orders of the same millisecond have a fixed order: each is on one page only. */
  abstract page(page: number, size: number, newestFirst: boolean): Promise<OrderPage>;

  /** The order that holds this idempotency key. A key that is too old is released. */
  async byKey(key: string): Promise<Order | undefined> {
    const order = await this.keyHolder(key);
    if (!order || order.date.getTime() >= Date.now() - KEY_LIFE_MS) return order;
    await this.releaseKey(order.id, key);
    return undefined;
  }
  protected abstract keyHolder(key: string): Promise<Order | undefined>;
  protected abstract releaseKey(id: string, key: string): Promise<void>;

  /**
   * One step of the table in order-status.ts, at most once. Returns the order after the step, or undefined when the step is not allowed
   * from its status. `cartTaken` notes in the same update that the lines have left the cart.
   */
  abstract advance(
    id: string,
    to: NextStatus,
    at: Date,
    cartTaken?: boolean,
  ): Promise<Order | undefined>;
  /** The step to PAID by the one who takes the order on to `shipping`. Until then lists may lack the order. */
  markPaid(id: string, at: Date): Promise<Order | undefined> {
    return this.advance(id, 'PAID', at);
  }
  /** The step to SHIPPING. `order` is the object that `markPaid` returned, or another one that is PAID. */
  shipping(order: Order, at: Date, cartTaken: boolean): Promise<Order | undefined> {
    return this.advance(order.id, 'SHIPPING', at, cartTaken);
  }
  /** The step to SHIPPED of the placed order with this shipment. Undefined when there is none that can take it: it may not be listed yet. */
  abstract shipped(shipmentId: string, at: Date): Promise<Order | undefined>;

  /** Notes the tasks that are done for a paid order; a false value changes nothing. */
  abstract markDone(id: string, done: TasksDone): Promise<void>;
  /** SHIPPING orders that were last changed before this time must be sent again: their messages were lost with the process. */
  abstract markShipmentsUnsent(changedBefore: Date): Promise<void>;

  /** Ids of unfinished orders that were last changed before this time, oldest first. */
  abstract unfinished(changedBefore: Date, limit: number): Promise<string[]>;
  /** Marks an unfinished order as changed now, for the sweep that is going to work on it. Undefined when another one was faster. */
  abstract claim(id: string, changedBefore: Date): Promise<Order | undefined>;

  /** How many orders have had the lines of the cart, and which was the last. */
  abstract cartTurn(cartId: string): Promise<CartTurn>;
  /** Gives the order the lines of the cart, if `turn` orders have had them before. One order gets each turn. */
  abstract takeCartTurn(cartId: string, turn: number, orderId: string): Promise<boolean>;

  abstract delete(id: string): Promise<boolean>;
  abstract ping(): Promise<void>;
  abstract close(): Promise<void> | void;

  /** Nest calls it after the consumer and the sweep have stopped. */
  onApplicationShutdown(): Promise<void> | void {
    return this.close();
  }
}
