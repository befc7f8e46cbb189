import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { type IncomingMessage, MessageBus, PoisonMessageError } from '@sockshop/messaging';
import { SHIPMENT_TYPE, ShippingTask } from '@sockshop/queues';
import { JsonLog } from '@sockshop/service';
import { Traced } from '@sockshop/tracing';
import { setTimeout as pause } from 'node:timers/promises';
import { QueueMasterConfig } from './config.ts';
import { ShipmentEventsPublisher } from './shipment-events.publisher.ts';

/** Ships, which only takes time, then publishes the event. A shipment that arrives twice is published twice; orders handles that. */
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
    await this.bus.close(); // waits until the running shipments are published
    await this.events.close();
  }

  private async handle({ body, headers }: IncomingMessage): Promise<void> {
    const { __typeid__: type = SHIPMENT_TYPE } = headers;
    if (type !== SHIPMENT_TYPE) throw new PoisonMessageError('the type is not that of a shipment');
    const shipment = ShippingTask.safeParse(body);
    if (!shipment.success) throw new PoisonMessageError('not a shipment');
    const { id, name } = shipment.data;
    this.log.log('Received shipment task', { shipmentId: id });
    await this.ship();
    await this.events.shipped({ id, name, shippedAt: new Date().toISOString() });
    this.log.log('shipped', { shipmentId: id });
  }

  /** Simulates the work; its span explains the time in the trace. */
  @Traced('ship')
  private async ship(): Promise<void> {
    await pause(this.config.shippingDurationMs);
  }
}
