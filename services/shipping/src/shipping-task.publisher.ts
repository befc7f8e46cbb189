import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { MessageBus, type Topology } from '@sockshop/messaging';
import { ShippingConfig } from './config.ts';

export interface Shipment {
  /** A UUID, made by orders. */
  readonly id: string | null;
  /** The customer's id. */
  readonly name: string | null;
}

/** The original's exchange; its own messages do not use it, but other publishers may. */
const EXCHANGE = 'shipping-task-exchange';
/** The original's consumer refuses any other. */
const TYPE = 'works.weave.socks.shipping.entities.Shipment';

/** For the log, where the queue is there already and of the other kind. */
const ADVICE =
  'beside original services set SHIPPING_QUEUE_DURABLE=false for shipping and queue-master; else stop all that use the queue, and delete it once it is empty';

/** Declared by shipping and queue-master alike, so that either may start first. */
export function topology({ queue }: ShippingConfig): Topology {
  return {
    exchanges: [{ name: EXCHANGE, type: 'topic', durable: true }],
    queues: [{ ...queue, bindings: [{ exchange: EXCHANGE, key: queue.name }], advice: ADVICE }],
  };
}

@Injectable()
export class ShippingTaskPublisher implements OnModuleDestroy {
  constructor(
    private readonly bus: MessageBus,
    private readonly config: ShippingConfig,
  ) {}

  /**
   * Resolves once the broker has the shipment.
   * @throws BusUnavailableError when it did not confirm: the shipment may be lost, or be in the queue all the same.
   */
  async publish({ id, name }: Shipment): Promise<void> {
    const target = { exchange: '', routingKey: this.config.queue.name };
    await this.bus.publish(target, {
      body: { id, name },
      headers: { __TypeId__: TYPE },
      ...(id !== null && { correlationId: id }),
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.bus.close();
  }
}
