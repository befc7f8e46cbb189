import { Injectable } from '@nestjs/common';
import { BackOff } from '@sockshop/resilience';
import { ShopError } from '@sockshop/service';
import { setTimeout as wait } from 'node:timers/promises';
import type { Order } from './order.ts';
import { hasLines } from './order-status.ts';
import { type NewOrder, OrderStore } from './order-store.ts';

/** A cart whose lines no order has at the moment. */
export interface FreeCart {
  /** How many orders have had its lines so far. */
  readonly turn: number;
  /** Whether another order had them when the caller came. */
  readonly waited: boolean;
}

/** Waits between looks at the order that has the lines. */
const POLL_BACK_OFF = { firstMs: 20, longestMs: 200 };

/**
 * The orders of one cart are placed one after the other, in all instances: the next one reads the cart after the lines of the one before
 * have left it, or after that one failed. An order has the lines from its turn, one conditional update in this service's own store, until
 * its stored status says that it is over. So there is nothing to give back, and after a crash the sweep ends the order and its turn.
 */
@Injectable()
export class CartTurns {
  constructor(private readonly store: OrderStore) {}

  /** Waits until no order has the lines of the cart. @throws ShopError 409 when `patience` aborts first. */
  async free(cartId: string, patience: AbortSignal): Promise<FreeCart> {
    const backOff = new BackOff(POLL_BACK_OFF);
    for (let waited = false; ; waited = true) {
      const { turn, orderId } = await this.store.cartTurn(cartId);
      const last = orderId === undefined ? undefined : await this.store.byId(orderId);
      if (!last || !hasLines(last)) return { turn, waited };
      if (patience.aborted) throw beingOrdered();
      await wait(backOff.nextMs());
    }
  }

  /** Whether the order has, or now gets, the lines of its cart: no other order had a turn since it read them. */
  async take({ id, cartId, cartTurn = 0 }: NewOrder | Order): Promise<boolean> {
    if (await this.store.takeCartTurn(cartId, cartTurn, id)) return true;
    return (await this.store.cartTurn(cartId)).orderId === id;
  }
}

function beingOrdered(): ShopError {
  const headers = { 'retry-after': '1' };
  return new ShopError(409, 'this cart is being ordered; repeat the request later', { headers });
}
