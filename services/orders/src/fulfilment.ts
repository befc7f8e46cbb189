import { Injectable } from '@nestjs/common';
import { JsonLog, ShopError } from '@sockshop/service';
import type { UpstreamResponse } from '@sockshop/upstream';
import { z } from 'zod';
import { type Order, wasPlaced } from './order.ts';
import { type NewOrder, OrderStore } from './order-store.ts';
import { Upstreams } from './upstreams.ts';

/** 406 with payment's own words, as in the original. */
export class PaymentDeclinedError extends ShopError {
  override readonly name = 'PaymentDeclinedError';

  constructor(message: string) {
    super(406, message);
  }
}

/** While it was being paid the order was cancelled or deleted. */
export class OrderEndedError extends ShopError {
  override readonly name = 'OrderEndedError';

  constructor() {
    super(503, 'the order was given up meanwhile', { headers: { 'retry-after': '1' } });
  }
}

/** An original payment may leave the message out. */
const Authorisation = z.object({ authorised: z.boolean(), message: z.string().optional() });

/** The steps of an order after it is stored. Each may be repeated: by a caller, by the sweep, by two instances at once. */
@Injectable()
export class Fulfilment {
  constructor(
    private readonly store: OrderStore,
    private readonly upstreams: Upstreams,
    private readonly log: JsonLog,
  ) {}

  /**
   * CREATED → PAID, or PAYMENT_FAILED. Payment decides by amount alone, so asking twice is harmless; that the order is paid
   * once is the single step to PAID. Whoever takes the first step decides: the answer is the order as it is then.
   * @throws PaymentDeclinedError, OrderEndedError, UpstreamError (the order stays CREATED).
   */
  async pay(order: NewOrder): Promise<Order> {
    const { customer, address, card, total: amount } = order;
    const body = {
      address: { id: null, ...address },
      card: { id: null, ...card },
      customer: { id: null, ...customer, addresses: [], cards: [] },
      amount,
    };
    const headers = { 'idempotency-key': order.id };
    const answer = await this.upstreams.payment.post('/paymentAuth', Authorisation, {
      body,
      headers,
    });
    const to = answer.authorised ? 'PAID' : 'PAYMENT_FAILED';
    const stepped = await this.store.advance(order.id, to, new Date());
    if (stepped) {
      this.log.log(answer.authorised ? 'order paid' : 'order declined', {
        orderId: order.id,
        amount,
      });
    }
    const now = stepped ?? (await this.store.byId(order.id));
    if (now && wasPlaced(now.status)) return now;
    if (now?.status === 'PAYMENT_FAILED') {
      throw new PaymentDeclinedError(answer.message ?? 'Payment declined');
    }
    throw new OrderEndedError();
  }

  /**
   * Hands a paid order to shipping and takes its lines out of the cart. Whatever does not work now is done later by the
   * sweep: the order is placed and stays so.
   */
  async fulfil(order: Order): Promise<Order> {
    const [shipmentSent, cartTaken] = await Promise.all([
      order.shipmentSent || this.attempt('shipment not sent yet', order, () => this.ship(order)),
      order.cartTaken ||
        this.attempt('cart not emptied yet', order, () => this.takeFromCart(order)),
    ]);
    const shipping =
      shipmentSent && (await this.store.advance(order.id, 'SHIPPING', new Date(), cartTaken));
    if (shipping) return shipping;
    if (shipmentSent || cartTaken) {
      await this.store.markDone(order.id, { cartTaken, shipmentSent });
    }
    return (await this.store.byId(order.id)) ?? order;
  }

  private async ship(order: Order): Promise<void> {
    const response = await this.upstreams.shipping.request({
      method: 'POST',
      path: '/shipping',
      body: order.shipment,
    });
    this.upstreams.shipping.expectOk(response);
  }

  private async takeFromCart({ id, cartId, items }: Order): Promise<void> {
    const { carts } = this.upstreams;
    const params = { id: cartId };
    const body = {
      orderId: id,
      items: items.map(({ id, itemId, quantity }) => ({ id, itemId, quantity })),
    };
    const response = await carts.request({
      method: 'POST',
      path: '/carts/{id}/take',
      params,
      body,
    });
    if (response.status !== 404 && response.status !== 405) {
      carts.expectOk(response);
      return;
    }
    // An original carts does not know `take`: line by line, as its page would.
    for (const { itemId } of items) {
      const path = '/carts/{id}/items/{itemId}';
      const deleted = await carts.request({
        method: 'DELETE',
        path,
        params: { ...params, itemId },
      });
      if (!isGone(deleted)) carts.expectOk(deleted);
    }
  }

  private async attempt(
    message: string,
    order: Order,
    work: () => Promise<void>,
  ): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.log.warn(message, { orderId: order.id, error });
      return false;
    }
  }
}

/** The line was not in the cart any more; the original's carts says so with 500. */
function isGone(response: UpstreamResponse): boolean {
  return response.status === 404 || response.text().includes('Cannot find item in cart');
}
