import { Injectable } from '@nestjs/common';
import { BackOff } from '@sockshop/resilience';
import { ShopError } from '@sockshop/service';
import { shop } from '@sockshop/telemetry';
import { activeSpan, recordWait } from '@sockshop/tracing';
import { setTimeout as wait } from 'node:timers/promises';
import { OrdersConfig } from './config.ts';
import { KeyedMutex } from './keyed-mutex.ts';
import type { Order, OrderItem } from './order.ts';
import { OrderPartsReader } from './order-parts.ts';
import type { PartIds } from './order-request.ts';
import { isPlaced } from './order-status.ts';
import { OrderStore } from './order-store.ts';

/** Another request with the same idempotency key has stored its order first. Callers never see it. */
export class KeyInUseError extends Error {
  override readonly name = 'KeyInUseError';
}

/** Waits between looks at an order that another instance is placing. */
const POLL_BACK_OFF = { firstMs: 50, longestMs: 800 };

/** One order for each idempotency key, in all instances. */
@Injectable()
export class Idempotency {
  /** Saves the repeats that reach the same instance the looks into the store. */
  private readonly mutex = new KeyedMutex();

  constructor(
    private readonly config: OrdersConfig,
    private readonly store: OrderStore,
    private readonly parts: OrderPartsReader,
  ) {}

  /**
   * Returns the order that was placed with this key, or else the one that `place` places now.
   * @throws ShopError 409 when the first request takes too long, 422 when it was for another basket.
   */
  async firstOrder(key: string, ids: PartIds, place: () => Promise<Order>): Promise<Order> {
    const { repeatWaitMs } = this.config;
    const order = await this.mutex.run(key, repeatWaitMs, () => this.findOrPlace(key, ids, place));
    return order ?? stillBeingPlaced();
  }

  private async findOrPlace(key: string, ids: PartIds, place: () => Promise<Order>) {
    const deadline = Date.now() + this.config.repeatWaitMs;
    const backOff = new BackOff(POLL_BACK_OFF);
    for (;;) {
      const first = await this.store.byKey(key);
      if (!first) {
        try {
          return await place();
        } catch (error) {
          if (!(error instanceof KeyInUseError)) throw error;
        }
      } else if (isPlaced(first.status)) {
        await this.checkBasket(first, ids);
        return first;
      } else if (Date.now() > deadline) {
        stillBeingPlaced();
      } else {
        const since = performance.now();
        await wait(backOff.nextMs());
        recordWait(activeSpan(), shop.ORDER_TURN, since);
      }
    }
  }

  /** The cart of a repeat may hold only what is left of the order's own lines. When carts is unavailable, any cart is accepted. */
  private async checkBasket(first: Order, { cartId }: PartIds): Promise<void> {
    const lines = await this.parts.items(cartId).catch((): OrderItem[] => []);
    if (first.cartId !== cartId || !lines.every((line) => isLeftOver(line, first.items))) {
      throw new ShopError(422, 'this idempotency key was used for another basket; send a new key');
    }
  }
}

function stillBeingPlaced(): never {
  const headers = { 'retry-after': '1' };
  throw new ShopError(
    409,
    'an order with this idempotency key is being placed; repeat the request later',
    { headers },
  );
}

/** A line of the order that has not left the cart yet, or only in part. */
function isLeftOver(line: OrderItem, ordered: readonly OrderItem[]): boolean {
  return ordered.some(({ id, quantity }) => id === line.id && line.quantity <= quantity);
}
