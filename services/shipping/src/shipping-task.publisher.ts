import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { MessageBus } from '@sockshop/messaging';
import { SHIPMENT_TYPE } from '@sockshop/queues';
import { ShippingConfig } from './config.ts';

export interface Shipment {
  /** A UUID, made by orders. */
  readonly id: string | null;
  /** The customer's id. */
  readonly name: string | null;
}

@Injectable()
export class ShippingTaskPublisher implements OnModuleDestroy {
  constructor(
    private readonly bus: MessageBus,
    private readonly config: ShippingConfig,
  ) {}

  /**
   * Resolves when the broker has confirmed the shipment.
   * @throws BusUnavailableError when it did not confirm. The shipment may be lost or in the queue.
   */
  async publish({ id, name }: Shipment): Promise<void> {
    const target = { exchange: '', routingKey: this.config.queue.name };
    await this.bus.publish(target, {
      body: { id, name },
      headers: { __TypeId__: SHIPMENT_TYPE },
      ...(id !== null && { correlationId: id }),
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.bus.close();
  }
}
