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

/** Orders and queue-master both declare it: no event is lost when orders has never started yet. */
export const SHIPMENT_EVENTS_TOPOLOGY = {
  exchanges: [{ name: SHIPMENT_SHIPPED.exchange, type: 'topic', durable: true }],
  queues: [
    {
      name: SHIPMENT_EVENTS_QUEUE,
      durable: true,
      bindings: [{ exchange: SHIPMENT_SHIPPED.exchange, key: SHIPMENT_SHIPPED.routingKey }],
    },
  ],
} as const;
