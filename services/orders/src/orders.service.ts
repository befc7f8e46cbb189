import { Injectable } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { JsonLog, ShopError } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { semconv } from '@sockshop/tracing';
import { Bulkhead } from '@sockshop/upstream';
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { OrdersConfig } from './config.ts';
import { Fulfilment, PaymentDeclinedError } from './fulfilment.ts';
import { type Order, type OrderItem, totalOf, wasPlaced } from './order.ts';
import { OrderPartsReader } from './order-parts.ts';
import { InvalidOrderError, type PartIds } from './order-request.ts';
import { type NewOrder, OrderStore } from './order-store.ts';
import { KeyedMutex } from './keyed-mutex.ts';

/** Time until the second look at an order that another instance is placing; each further one twice as long, up to the longest. */
const LOOK_AGAIN_MS = 50;
const LONGEST_LOOK_MS = 800;

@Injectable()
export class OrdersService {
  private readonly mutex = new KeyedMutex();
  private readonly checkouts: Bulkhead;

  constructor(
    private readonly config: OrdersConfig,
    private readonly store: OrderStore,
    private readonly parts: OrderPartsReader,
    private readonly fulfilment: Fulfilment,
    private readonly log: JsonLog,
    { metrics }: Telemetry,
  ) {
    const { checkoutLimit: limit, checkoutWaitMs: waitMs } = config;
    this.checkouts = new Bulkhead({ name: 'checkout', limit, waitMs, metrics });
  }

  /** Refuses the orders that wait for their turn: those being placed are all that a shutdown has time for. */
  takeNoMore(): void {
    this.checkouts.close();
  }

  /**
   * Places an order. With an idempotency key, a repeat gets the first answer: what counts as the same is customer and key, and the
   * cart must not hold anything but what is left of the order's own lines.
   */
  async place(ids: PartIds, clientKey: string | undefined): Promise<Order> {
    if (clientKey === undefined) return this.placeAs(ids, undefined);
    const key = `${ids.customerId}:${clientKey}`;
    const { repeatWaitMs } = this.config;
    const placed = await this.mutex.run(key, repeatWaitMs, () => this.placeAs(ids, key));
    return placed ?? stillBeingPlaced();
  }

  private async placeAs(ids: PartIds, key: string | undefined): Promise<Order> {
    const deadline = Date.now() + this.config.repeatWaitMs;
    for (let lookMs = LOOK_AGAIN_MS; ; lookMs = Math.min(2 * lookMs, LONGEST_LOOK_MS)) {
      const earlier = key === undefined ? undefined : await this.store.byKey(key);
      if (earlier) {
        if (wasPlaced(earlier.status)) return await this.repeated(earlier, ids);
        if (Date.now() > deadline) stillBeingPlaced();
        await wait(lookMs);
      } else {
        const placed = await this.checkouts.run(() => this.checkOut(ids, key));
        if (placed) return placed;
      }
    }
  }

  /** Undefined when a parallel request was faster with the same key. */
  private async checkOut(ids: PartIds, key: string | undefined): Promise<Order | undefined> {
    const order = await this.prepare(ids, key);
    return order && (await this.carryOut(order, key));
  }

  /** What is going to be ordered; undefined when a parallel request with the same key has emptied the cart by now. */
  private async prepare(ids: PartIds, key: string | undefined): Promise<NewOrder | undefined> {
    const parts = await this.parts.read(ids);
    if (parts.items.length === 0 && !this.config.allowEmptyOrders) {
      if (key !== undefined && (await this.store.byKey(key))) return undefined;
      throw new InvalidOrderError('Invalid order request. The cart is empty.');
    }
    const now = new Date();
    return {
      ...parts,
      id: newId(now),
      shipment: { id: randomUUID(), name: parts.customerId },
      date: now,
      total: totalOf(parts.items),
      cartId: ids.cartId,
    };
  }

  /** Stores the order before anything is asked of payment; undefined when a parallel request was faster with the same key. */
  private async carryOut(order: NewOrder, key: string | undefined): Promise<Order | undefined> {
    trace.getActiveSpan()?.setAttribute(semconv.SOCKSHOP_ORDER_ID, order.id);
    let paid: Order;
    try {
      if (!(await this.store.insert(order, key))) return undefined;
      paid = await this.fulfilment.pay(order);
    } catch (error) {
      if (error instanceof PaymentDeclinedError) throw error;
      const placed = await this.cancel(order);
      if (placed) return placed;
      throw error;
    }
    this.log.log('order placed', { orderId: order.id, amount: order.total });
    try {
      return await this.fulfilment.fulfil(paid);
    } catch (error) {
      this.log.warn('order left to the sweep', { orderId: order.id, error }); // it is paid: no error of ours takes that back
      return paid;
    }
  }

  /**
   * The caller is about to be told 503: the order must not come into being behind its back. When another instance has paid it
   * meanwhile, it is placed: the order as it is then.
   */
  private async cancel({ id }: NewOrder): Promise<Order | undefined> {
    try {
      if (await this.store.advance(id, 'CANCELLED', new Date())) return undefined;
      const now = await this.store.byId(id);
      return now && wasPlaced(now.status) ? now : undefined;
    } catch (error) {
      // The store is away too. The sweep will find the order as it stands, and a repeat with the same key will get it.
      this.log.warn('order not cancelled', { orderId: id, error });
      return undefined;
    }
  }

  private async repeated(earlier: Order, { cartId }: PartIds): Promise<Order> {
    const now = await this.parts.items(cartId).catch((): OrderItem[] => []);
    if (earlier.cartId !== cartId || !now.every((line) => isLeftOver(line, earlier.items))) {
      throw new ShopError(422, 'this idempotency key was used for another basket');
    }
    return earlier;
  }
}

function stillBeingPlaced(): never {
  const headers = { 'retry-after': '1' };
  throw new ShopError(409, 'an order with this idempotency key is being placed', { headers });
}

/** A line of the order that was not yet taken from the cart, or not wholly. */
function isLeftOver(line: OrderItem, ordered: readonly OrderItem[]): boolean {
  return ordered.some(({ id, quantity }) => id === line.id && line.quantity <= quantity);
}

/** Like MongoDB's ids: seconds, then chance. */
function newId(now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000)
    .toString(16)
    .padStart(8, '0');
  return seconds + randomBytes(8).toString('hex');
}
