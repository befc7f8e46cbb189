import type { MessageBus } from '@sockshop/messaging';
import { SHIPMENT_SHIPPED, type ShipmentShipped } from '@sockshop/queues';

/**
 * Publishes that a shipment was shipped. It has a connection of its own, because a broker short of memory stops reading from
 * connections that publish, and acknowledgements would wait behind. It closes after the connection of the tasks, as the last tasks
 * publish an event.
 */
export class ShipmentEventsPublisher {
  constructor(private readonly bus: MessageBus) {}

  /** @throws BusUnavailableError when the broker did not confirm. */
  async shipped(event: ShipmentShipped): Promise<void> {
    await this.bus.publish(SHIPMENT_SHIPPED, { body: event, correlationId: event.id });
  }

  ping(): Promise<void> {
    return this.bus.ping();
  }

  close(): Promise<void> {
    return this.bus.close();
  }
}
