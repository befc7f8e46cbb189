import { Injectable } from '@nestjs/common';
import { JsonLog, ShopError } from '@sockshop/service';
import { z } from 'zod';
import type { Order } from './order.ts';
import { OrderStore } from './order-store.ts';
import { Upstreams } from './upstreams.ts';

/** 406 with payment's own words, as in the original. */
export class PaymentDeclinedError extends ShopError {
  override readonly name = 'PaymentDeclinedError';

  constructor(message: string) {
    super(406, message);
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
   * once is the single step to PAID.
   * @throws PaymentDeclinedError, UpstreamError (the order stays CREATED).
   */
  async pay(order: Order): Promise<Order> {
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
    if (!answer.authorised) {
      await this.store.advance(order.id, 'PAYMENT_FAILED', new Date());
      this.log.log('order declined', { orderId: order.id, amount });
      throw new PaymentDeclinedError(answer.message ?? 'Payment declined');
    }
    const paid = await this.store.advance(order.id, 'PAID', new Date());
    if (paid) this.log.log('order paid', { orderId: order.id, amount });
    return paid ?? (await this.store.byId(order.id)) ?? order;
  }

  /**
   * Hands a paid order to shipping and takes its lines out of the cart. Whatever does not work now is done later by the
   * sweep: the order is placed and stays so.
   */
  async fulfil(order: Order): Promise<Order> {
    const [shipped, taken] = await Promise.all([
      this.attempt('shipment not sent yet', order, () => this.ship(order)),
      order.cartTaken ||
        this.attempt('cart not emptied yet', order, () => this.takeFromCart(order)),
    ]);
    const shipping = shipped && (await this.store.advance(order.id, 'SHIPPING', new Date(), taken));
    if (shipping) return shipping;
    if (taken) await this.store.markCartTaken(order.id, shipped);
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
      items: items.map(({ itemId, quantity }) => ({ itemId, quantity })),
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
      await carts.request({ method: 'DELETE', path, params: { ...params, itemId } });
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
