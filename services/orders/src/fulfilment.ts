import { Injectable } from '@nestjs/common';
import { JsonLog } from '@sockshop/service';
import type { UpstreamResponse } from '@sockshop/upstream';
import type { Order } from './order.ts';
import { OrderMetrics } from './order-metrics.ts';
import { OrderStore } from './order-store.ts';
import { Upstreams } from './upstreams.ts';

/** What follows after an order is paid: shipping gets the shipment, the lines leave the cart. Both can be repeated. */
@Injectable()
export class Fulfilment {
  constructor(
    private readonly store: OrderStore,
    private readonly upstreams: Upstreams,
    private readonly metrics: OrderMetrics,
    private readonly log: JsonLog,
  ) {}

  /** Does both at once. A failure of shipping or carts does not fail the order: the sweep tries again. */
  async fulfil(order: Order): Promise<Order> {
    const [shipmentSent, cartTaken] = await Promise.all([
      order.shipmentSent ||
        this.succeeds('shipment not sent yet', order, () => this.sendShipment(order)),
      order.cartTaken || this.succeeds('cart not emptied yet', order, () => this.emptyCart(order)),
    ]);
    const shipping = shipmentSent && (await this.store.shipping(order, new Date(), cartTaken));
    if (shipping) {
      this.metrics.reached('SHIPPING', order.total);
      return shipping;
    }
    if (shipmentSent || cartTaken) {
      await this.store.markDone(order.id, { cartTaken, shipmentSent });
    }
    return (await this.store.byId(order.id)) ?? order;
  }

  private async sendShipment({ shipment: body }: Order): Promise<void> {
    const { shipping } = this.upstreams;
    shipping.expectOk(await shipping.request({ method: 'POST', path: '/shipping', body }));
  }

  /** Only the ordered lines: what the customer has added meanwhile stays. */
  private async emptyCart({ id: orderId, cartId, items }: Order): Promise<void> {
    const { carts } = this.upstreams;
    const params = { id: cartId };
    const lines = items.map(({ id, itemId, quantity }) => ({ id, itemId, quantity }));
    const response = await carts.request({
      method: 'POST',
      path: '/carts/{id}/take',
      params,
      body: { orderId, items: lines },
    });
    if (response.status !== 404 && response.status !== 405) {
      carts.expectOk(response);
      return;
    }
    // An original carts does not know `take`: line by line, as the original's page did it.
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

  private async succeeds(
    failure: string,
    order: Order,
    work: () => Promise<void>,
  ): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.log.warn(failure, { orderId: order.id, error });
      return false;
    }
  }
}

/** The line was no longer in the cart; the original's carts answers 500 for that. */
function isGone(response: UpstreamResponse): boolean {
  return response.status === 404 || response.text().includes('Cannot find item in cart');
}
