import { Injectable } from '@nestjs/common';
import { BackOff } from '@sockshop/resilience';
import { ShopError } from '@sockshop/service';
import { shop } from '@sockshop/telemetry';
import { activeSpan, recordWait } from '@sockshop/tracing';
import { setTimeout as wait } from 'node:timers/promises';
import type { Order } from './order.ts';
import { hasLines } from './order-status.ts';
import { type NewOrder, OrderStore } from './order-store.ts';

/** Earlier orders of the cart took too long. */
export class CartBeingOrderedError extends ShopError {
  override readonly name = 'CartBeingOrderedError';

  constructor() {
    const headers = { 'retry-after': '1' };
    super(409, 'this cart is being ordered; repeat the request later', { headers });
  }
}

/** A cart whose lines no order has at the moment. */
export interface FreeCart {
  /** How many orders have had its lines so far. */
  readonly turn: number;
  /** Whether another order had them when the caller came. */
  readonly waited: boolean;
}

/** Carts whose turn is known without a look into the store; some 100 bytes each. */
const MOST_KNOWN = 10_000;
/** Waits between looks at the order that has the lines. */
const POLL_BACK_OFF = { firstMs: 20, longestMs: 200 };

/**
 * The orders of one cart are placed one after the other, in all instances: the next one reads the cart after the lines of the one before
 * have left it, or after that one failed. An order has the lines from its turn, one conditional update in this service's own store, until
 * its stored status says that it is over. So there is nothing to give back, and after a crash the sweep ends the order and its turn.
 */
@Injectable()
export class CartTurns {
  /**
   * The turns of carts whose last order ended here. If another instance has had a turn since, `take` fails, and the store is asked: so a
   * turn that is no longer the newest costs time, never an order.
   */
  private readonly known = new Map<string, number>();

  constructor(private readonly store: OrderStore) {}

  /** Waits until no order has the lines of the cart. @throws CartBeingOrderedError when `patience` aborts first. */
  async free(cartId: string, patience: AbortSignal): Promise<FreeCart> {
    const known = this.known.get(cartId);
    if (known !== undefined) return { turn: known, waited: false };
    const backOff = new BackOff(POLL_BACK_OFF);
    for (let waited = false; ; waited = true) {
      const { turn, orderId } = await this.store.cartTurn(cartId);
      const last = orderId === undefined ? undefined : await this.store.byId(orderId);
      if (!last || !hasLines(last)) return { turn, waited };
      if (patience.aborted) throw new CartBeingOrderedError();
      const since = performance.now();
      await wait(backOff.nextMs());
      recordWait(activeSpan(), shop.ORDER_TURN, since);
    }
  }

  /** Whether the order has, or now gets, the lines of its cart: no other order had a turn since it read them. */
  async take({ id, cartId, cartTurn = 0 }: NewOrder | Order): Promise<boolean> {
    this.known.delete(cartId);
    if (await this.store.takeCartTurn(cartId, cartTurn, id)) return true;
    return (await this.store.cartTurn(cartId)).orderId === id;
  }

  /** Notes an order that had its turn, so that the next one of the cart need not look for it. */
  ended(order: Order): void {
    if (hasLines(order)) return;
    const { cartId, cartTurn = 0 } = order;
    this.known.set(cartId, cartTurn + 1);
    const [oldest] = this.known.keys();
    if (this.known.size > MOST_KNOWN && oldest !== undefined) this.known.delete(oldest);
  }
}
