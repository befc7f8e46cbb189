import { Injectable } from '@nestjs/common';
import { Bulkhead } from '@sockshop/resilience/bulkhead';
import { priceOf } from '@sockshop/pricing';
import { JsonLog, ShopError } from '@sockshop/service';
import { shop, Telemetry } from '@sockshop/telemetry';
import { activeSpan, context, storedContext } from '@sockshop/tracing';
import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { CartBeingOrderedError, CartTurns, type FreeCart } from './cart-turns.ts';
import { OrdersConfig } from './config.ts';
import { Fulfilment } from './fulfilment.ts';
import { Idempotency, KeyInUseError } from './idempotency.ts';
import { KeyedMutex } from './keyed-mutex.ts';
import type { Order } from './order.ts';
import { OrderMetrics } from './order-metrics.ts';
import { OrderPartsReader } from './order-parts.ts';
import { InvalidOrderError, type PartIds } from './order-request.ts';
import { isPlaced } from './order-status.ts';
import { type NewOrder, OrderStore } from './order-store.ts';
import { Upstreams } from './upstreams.ts';

/** 406 with payment's own words, as in the original. */
export class PaymentDeclinedError extends ShopError {
  override readonly name = 'PaymentDeclinedError';

  constructor(message: string) {
    super(406, message);
  }
}

/** The order was cancelled or deleted while it was being paid. */
export class OrderEndedError extends ShopError {
  override readonly name = 'OrderEndedError';

  constructor() {
    super(503, 'the order was given up meanwhile', { headers: { 'retry-after': '1' } });
  }
}

/** An original payment may leave the message out. */
const Authorisation = z.object({ authorised: z.boolean(), message: z.string().optional() });

/** How an order is placed, from top to bottom. Order statuses and the steps between them are in order-status.ts. */
@Injectable()
export class Checkout {
  private readonly bulkhead: Bulkhead;
  /** Of each cart. */
  private readonly line = new KeyedMutex();

  constructor(
    private readonly config: OrdersConfig,
    private readonly idempotency: Idempotency,
    private readonly parts: OrderPartsReader,
    private readonly turns: CartTurns,
    private readonly store: OrderStore,
    private readonly upstreams: Upstreams,
    private readonly fulfilment: Fulfilment,
    private readonly metrics: OrderMetrics,
    private readonly log: JsonLog,
    private readonly telemetry: Telemetry,
  ) {
    this.bulkhead = new Bulkhead({
      name: 'checkout',
      limit: config.checkoutLimit,
      metrics: telemetry.metrics,
    });
  }

  /** Places an order. A repeat with the same idempotency key returns the first order. */
  async placeOrder(ids: PartIds, clientKey: string | undefined): Promise<Order> {
    if (clientKey === undefined) return this.placeInTurn(ids, undefined);
    const key = `${ids.customerId}:${clientKey}`;
    return this.idempotency.firstOrder(key, ids, () => this.placeInTurn(ids, key));
  }

  /**
   * Waits for earlier orders of the cart, then for a place. An order that waits for its cart takes no other's place. Of those that came to
   * this instance only the first in line looks into the store: hundreds of looks a second by one cart's orders kept all others waiting.
   */
  private async placeInTurn(ids: PartIds, key: string | undefined): Promise<Order> {
    const { checkoutWaitMs } = this.config;
    const patience = AbortSignal.timeout(checkoutWaitMs);
    const placed = await this.line.run(ids.cartId, checkoutWaitMs, async (hasWaited) => {
      for (;;) {
        const { turn, waited } = await this.turns.free(ids.cartId, patience);
        const cart = { turn, waited: waited || hasWaited };
        const order = await this.bulkhead.run(() => this.placeNewOrder(ids, key, cart), patience);
        if (order) return order;
      }
    });
    if (!placed) throw new CartBeingOrderedError();
    return placed;
  }

  /** Undefined when another order got the lines of the cart first. */
  private async placeNewOrder(
    ids: PartIds,
    key: string | undefined,
    cart: FreeCart,
  ): Promise<Order | undefined> {
    const order = await this.newOrder(ids, key, cart);
    activeSpan()?.setAttribute(shop.ORDER_ID, order.id);
    let paid: Order;
    try {
      // Stored before payment is asked: from here on the recovery sweep knows the order.
      if (!(await this.store.insert(order, key))) throw new KeyInUseError();
      if (!(await this.turns.take(order))) {
        await this.store.delete(order.id);
        return undefined;
      }
      this.metrics.reached('CREATED', order.total);
      paid = await this.pay(order);
    } catch (error) {
      if (error instanceof KeyInUseError || error instanceof PaymentDeclinedError) throw error;
      const placed = await this.cancel(order);
      if (placed) return placed;
      throw error;
    }
    const { id: orderId, total: amount, shipment } = order;
    this.log.log('order placed', { orderId, amount, shipmentId: shipment.id }); // later lines name only the shipment
    try {
      const fulfilled = await this.fulfilment.fulfil(paid);
      this.turns.ended(fulfilled);
      return fulfilled;
    } catch (error) {
      this.log.warn('order not fulfilled yet', { orderId: order.id, error }); // it is paid: the sweep fulfils it
      return paid;
    }
  }

  /** @throws KeyInUseError when the cart is empty because an order with this key has taken its lines. */
  private async newOrder(
    ids: PartIds,
    key: string | undefined,
    { turn, waited }: FreeCart,
  ): Promise<NewOrder> {
    const parts = await this.parts.read(ids);
    if (parts.items.length === 0 && !this.config.allowEmptyOrders) {
      if (key !== undefined && (await this.store.byKey(key))) throw new KeyInUseError();
      const why = waited
        ? 'Another order has just taken what was in the cart.'
        : 'The cart is empty.';
      throw new InvalidOrderError(`Invalid order request. ${why}`);
    }
    const { total } = priceOf(parts.items);
    // Carts of other services may hold any price; a sum above this is no longer exact to the cent.
    if (!(total * 100 < Number.MAX_SAFE_INTEGER)) {
      throw new InvalidOrderError('Invalid order request. The cart has no price that can be paid.');
    }
    const now = new Date();
    // Not the visit: it is over when the order is finished later, and one sweep may finish orders of several.
    const createdIn = storedContext(context.active(), this.telemetry.config.baggageLogFields);
    return {
      ...parts,
      id: newId(now),
      shipment: { id: randomUUID(), name: parts.customerId },
      date: now,
      total,
      cartId: ids.cartId,
      cartTurn: turn,
      ...(createdIn && { createdIn }),
    };
  }

  /**
   * CREATED → PAID or PAYMENT_FAILED. Payment decides by amount alone, so asking twice is harmless. The order is paid once because the
   * step to PAID happens once; when another instance took a step first, the order as it is then decides.
   * @throws PaymentDeclinedError, OrderEndedError, UpstreamError (the order stays CREATED).
   */
  private async pay(order: NewOrder): Promise<Order> {
    const { customer, address, card, total: amount } = order;
    const body = {
      address: { id: null, ...address },
      card: { id: null, ...card },
      customer: { id: null, ...customer, addresses: [], cards: [] },
      amount,
    };
    const headers = { 'idempotency-key': order.id };
    const { payment } = this.upstreams;
    const response = await payment.post('/paymentAuth', Authorisation, { body, headers });
    const { authorised, message = 'Payment declined' } = response;
    const stepped = authorised
      ? await this.store.markPaid(order.id, new Date())
      : await this.store.advance(order.id, 'PAYMENT_FAILED', new Date());
    if (stepped) {
      this.metrics.reached(stepped.status, amount);
      this.log.log(authorised ? 'order paid' : 'order declined', { orderId: order.id, amount });
    }
    const now = stepped ?? (await this.store.byId(order.id));
    if (now && isPlaced(now.status)) return now;
    if (now?.status === 'PAYMENT_FAILED') throw new PaymentDeclinedError(message);
    throw new OrderEndedError();
  }

  /**
   * The caller is about to get a 503, so the order must not be placed later. Returns the order when another instance has had it paid
   * meanwhile: then it is placed.
   */
  private async cancel({ id, total }: NewOrder): Promise<Order | undefined> {
    try {
      if (await this.store.advance(id, 'CANCELLED', new Date())) {
        this.metrics.reached('CANCELLED', total);
        return undefined;
      }
      const now = await this.store.byId(id);
      return now && isPlaced(now.status) ? now : undefined;
    } catch (error) {
      // The store is unavailable too. The sweep finishes the order from its stored status, and a repeat with the same key gets it.
      this.log.warn('order not cancelled', { orderId: id, error });
      return undefined;
    }
  }

  /** Does what is left to do for an order that was not finished. */
  async resume(order: Order): Promise<Order> {
    if (order.status !== 'CREATED') return this.fulfilment.fulfil(order);
    if (await this.turns.take(order)) return this.fulfilment.fulfil(await this.pay(order));
    // Its process ended before the order got the lines, and another order has had them since.
    return (await this.cancel(order)) ?? { ...order, status: 'CANCELLED' };
  }

  /** For a shutdown: refuses the orders that wait for a place. There is only time for those being placed. */
  refuseWaiting(): void {
    this.bulkhead.close();
  }
}

/** Like MongoDB's ids: the seconds, then random digits. */
function newId(now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000)
    .toString(16)
    .padStart(8, '0');
  return seconds + randomBytes(8).toString('hex');
}
