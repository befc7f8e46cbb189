import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import {
  type IncomingMessage,
  MessageBus,
  PoisonMessageError,
  type Topology,
} from '@sockshop/messaging';
import { JsonLog } from '@sockshop/service';
import { semconv } from '@sockshop/tracing';
import { z } from 'zod';
import { OrderStore } from './order-store.ts';

const QUEUE = 'orders.shipment-events';

/** Events from queue-master. The original had none: its pages showed "Shipped" from the start. */
export const TOPOLOGY: Topology = {
  exchanges: [{ name: 'shipment-events', type: 'topic', durable: true }],
  queues: [
    {
      name: QUEUE,
      durable: true,
      bindings: [{ exchange: 'shipment-events', key: 'shipment.shipped' }],
    },
  ],
};

const ShipmentShipped = z.object({
  /** The shipment's id. */
  id: z.string(),
  name: z.string().nullish(),
  shippedAt: z.iso.datetime().optional(),
});

/** An event may be delivered several times; the step to SHIPPED happens once. */
@Injectable()
export class ShipmentEventsConsumer implements OnModuleInit, OnModuleDestroy {
  constructor(
    private readonly bus: MessageBus,
    private readonly store: OrderStore,
    private readonly log: JsonLog,
  ) {}

  onModuleInit(): void {
    this.bus.consume({ queue: QUEUE, prefetch: 10 }, (message) => this.shipped(message));
  }

  async onModuleDestroy(): Promise<void> {
    await this.bus.close();
  }

  private async shipped({ body }: IncomingMessage): Promise<void> {
    const event = ShipmentShipped.safeParse(body);
    if (!event.success) throw new PoisonMessageError('not a shipment event');
    const { id, shippedAt } = event.data;
    const order = await this.store.byShipment(id);
    if (!order) {
      this.log.warn('shipment of no order', { shipmentId: id });
      return;
    }
    trace.getActiveSpan()?.setAttribute(semconv.SOCKSHOP_ORDER_ID, order.id);
    const at = shippedAt === undefined ? new Date() : new Date(shippedAt);
    if (await this.store.advance(order.id, 'SHIPPED', at)) {
      this.log.log('order shipped', { orderId: order.id });
    }
  }
}
