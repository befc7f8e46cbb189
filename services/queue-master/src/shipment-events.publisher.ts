import type { MessageBus, Topology } from '@sockshop/messaging';

const SHIPPED = { exchange: 'shipment-events', routingKey: 'shipment.shipped' };

/** With orders' queue as orders declares it, so that no event is lost where orders has never started yet. */
export const EVENTS_TOPOLOGY: Topology = {
  exchanges: [{ name: SHIPPED.exchange, type: 'topic', durable: true }],
  queues: [
    {
      name: 'orders.shipment-events',
      durable: true,
      bindings: [{ exchange: SHIPPED.exchange, key: SHIPPED.routingKey }],
    },
  ],
};

interface ShipmentShipped {
  readonly id: string;
  /** The customer's id. */
  readonly name: string | null | undefined;
  /** ISO 8601. */
  readonly shippedAt: string;
}

/**
 * The way back, which the original did not have. On a connection of its own: a broker short of memory stops reading from those
 * that publish, and acknowledgements would wait behind; and it must outlive the one of the tasks, whose last ones end in an event.
 */
export class ShipmentEventsPublisher {
  constructor(private readonly bus: MessageBus) {}

  /** @throws BusUnavailableError when the broker did not confirm. */
  async shipped(event: ShipmentShipped): Promise<void> {
    await this.bus.publish(SHIPPED, { body: event, correlationId: event.id });
  }

  ping(): Promise<void> {
    return this.bus.ping();
  }

  close(): Promise<void> {
    return this.bus.close();
  }
}
