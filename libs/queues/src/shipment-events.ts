import { z } from 'zod';

/** Where queue-master publishes that a shipment was shipped. The original had no such event; its pages said "Shipped" from the start. */
export const SHIPMENT_SHIPPED = {
  exchange: 'shipment-events',
  routingKey: 'shipment.shipped',
} as const;

/** Orders' queue of these events. */
export const SHIPMENT_EVENTS_QUEUE = 'orders.shipment-events';

/** The event's body. */
export const ShipmentShipped = z.object({
  /** The shipment's id. */
  id: z.string(),
  /** The customer's id. */
  name: z.string().nullish(),
  shippedAt: z.iso.datetime().optional(),
});
export type ShipmentShipped = z.infer<typeof ShipmentShipped>;

/** What queue-master declares. Without a queue, the exchange drops its events: an original orders reads none. */
export const SHIPMENT_EVENTS_EXCHANGE = {
  exchanges: [{ name: SHIPMENT_SHIPPED.exchange, type: 'topic', durable: true }],
} as const;

/** What orders declares. The queue is bounded because it stays when an original orders takes the place of ours, and then has no reader. */
export const SHIPMENT_EVENTS_TOPOLOGY = {
  ...SHIPMENT_EVENTS_EXCHANGE,
  queues: [
    {
      name: SHIPMENT_EVENTS_QUEUE,
      durable: true,
      maxMessages: 100_000,
      bindings: [{ exchange: SHIPMENT_SHIPPED.exchange, key: SHIPMENT_SHIPPED.routingKey }],
    },
  ],
} as const;
