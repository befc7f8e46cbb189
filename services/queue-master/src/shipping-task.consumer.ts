import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import {
  type IncomingMessage,
  MessageBus,
  PoisonMessageError,
  type Topology,
} from '@sockshop/messaging';
import { JsonLog } from '@sockshop/service';
import { Traced } from '@sockshop/tracing';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { QueueMasterConfig } from './config.ts';
import { ShipmentEventsPublisher } from './shipment-events.publisher.ts';

/** The original's exchange; its own messages do not use it, but other publishers may. */
const EXCHANGE = 'shipping-task-exchange';

/** For the log, where the queue is there already and of the other kind. */
const ADVICE =
  'beside original services set SHIPPING_QUEUE_DURABLE=false for shipping and queue-master; else stop all that use the queue, and delete it once it is empty';

/** Declared by shipping and queue-master alike, so that either may start first. */
export function tasksTopology({ queue }: QueueMasterConfig): Topology {
  return {
    exchanges: [{ name: EXCHANGE, type: 'topic', durable: true }],
    queues: [{ ...queue, bindings: [{ exchange: EXCHANGE, key: queue.name }], advice: ADVICE }],
  };
}

const Shipment = z.object({
  /** At most as long as fits the event's correlation id: 255 bytes in AMQP, 3 bytes a character. */
  id: z.string().max(85),
  /** The customer's id. */
  name: z.string().nullish(),
});

/** Spring's name for what is inside; a message without one holds a shipment as well, one with another does not. */
const TYPE = 'works.weave.socks.shipping.entities.Shipment';

/** Ships, which here takes time and nothing else, then says so. A shipment that comes twice is announced twice; orders minds that. */
@Injectable()
export class ShippingTaskConsumer implements OnModuleInit, OnModuleDestroy {
  constructor(
    private readonly bus: MessageBus,
    private readonly events: ShipmentEventsPublisher,
    private readonly config: QueueMasterConfig,
    private readonly log: JsonLog,
  ) {}

  onModuleInit(): void {
    const { queue, prefetch } = this.config;
    this.bus.consume({ queue: queue.name, prefetch }, (message) => this.handle(message));
  }

  async onModuleDestroy(): Promise<void> {
    await this.bus.close(); // the shipments under way are finished and announced
    await this.events.close();
  }

  private async handle({ body, headers }: IncomingMessage): Promise<void> {
    const { __typeid__: type = TYPE } = headers;
    if (type !== TYPE) throw new PoisonMessageError('not of the type of a shipment');
    const shipment = Shipment.safeParse(body);
    if (!shipment.success) throw new PoisonMessageError('not a shipment');
    const { id, name } = shipment.data;
    this.log.log('Received shipment task', { shipmentId: id });
    await this.ship();
    await this.events.shipped({ id, name, shippedAt: new Date().toISOString() });
    this.log.log('shipped', { shipmentId: id });
  }

  /** The stand-in for the work: a reader of the trace would wonder about the time. */
  @Traced('ship')
  private async ship(): Promise<void> {
    await pause(this.config.shippingDurationMs);
  }
}
