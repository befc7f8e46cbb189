import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { type IncomingMessage, MessageBus, PoisonMessageError } from '@sockshop/messaging';
import { SHIPMENT_EVENTS_QUEUE, ShipmentShipped } from '@sockshop/queues';
import { JsonLog } from '@sockshop/service';
import { shop } from '@sockshop/telemetry';
import { activeSpan } from '@sockshop/tracing';
import { OrderMetrics } from './order-metrics.ts';
import { OrderStore } from './order-store.ts';

/** An event may be delivered several times; the step to SHIPPED happens once. */
@Injectable()
export class ShipmentEventsConsumer implements OnModuleInit, OnModuleDestroy {
  constructor(
    private readonly bus: MessageBus,
    private readonly store: OrderStore,
    private readonly metrics: OrderMetrics,
    private readonly log: JsonLog,
  ) {}

  onModuleInit(): void {
    this.bus.consume({ queue: SHIPMENT_EVENTS_QUEUE, prefetch: 10 }, (message) =>
      this.shipped(message),
    );
  }

  async onModuleDestroy(): Promise<void> {
    await this.bus.close();
  }

  private async shipped({ body }: IncomingMessage): Promise<void> {
    const event = ShipmentShipped.safeParse(body);
    if (!event.success) throw new PoisonMessageError('not a shipment event');
    const { id, shippedAt } = event.data;
    const at = shippedAt === undefined ? new Date() : new Date(shippedAt);
    const shipped = await this.store.shipped(id, at);
    // Otherwise it is unknown, shipped already, or its move to the placed orders was interrupted: the look finishes that.
    const order = shipped ?? (await this.store.byShipment(id));
    if (!order) {
      this.log.warn('shipment of no order', { shipmentId: id });
      return;
    }
    activeSpan()?.setAttribute(shop.ORDER_ID, order.id);
    if (shipped ?? (await this.store.advance(order.id, 'SHIPPED', at))) {
      this.metrics.reached('SHIPPED', order.total);
      this.log.log('order shipped', { orderId: order.id });
    }
  }
}
