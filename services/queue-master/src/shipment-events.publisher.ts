import type { MessageBus } from '@sockshop/messaging';
import { SHIPMENT_SHIPPED, type ShipmentShipped } from '@sockshop/queues';

/**
 * Publishes an event for each shipment that was shipped. It has its own connection: a broker short of memory stops reading from
 * connections that publish, which would delay acknowledgements. It closes after the connection of the tasks, because the last tasks
 * still publish events.
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
