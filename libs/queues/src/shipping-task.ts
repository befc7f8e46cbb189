import { z } from 'zod';

/** The queue of shipments that wait to be shipped: shipping publishes, queue-master consumes. `SHIPPING_QUEUE` renames it. */
export const SHIPPING_TASK_QUEUE = 'shipping-task';

/** The original's exchange. Its own messages do not use it, but other publishers may. */
export const SHIPPING_TASK_EXCHANGE = 'shipping-task-exchange';

/** The `__TypeId__` header. The original's consumer refuses any other; a message without one is a shipment as well. */
export const SHIPMENT_TYPE = 'works.weave.socks.shipping.entities.Shipment';

/** A UUID, made by orders. Its length is bounded by AMQP's correlation id: 255 bytes, 3 bytes a character. */
export const ShipmentId = z.string().max(85);

/** A shipping task's body, as queue-master accepts it. */
export const ShippingTask = z.object({
  id: ShipmentId,
  /** The customer's id. */
  name: z.string().nullish(),
});

/** For the log, when the queue exists with the other durability. */
const ADVICE =
  'beside original services set SHIPPING_QUEUE_DURABLE=false for shipping and queue-master; else stop all that use the queue, and delete it once it is empty';

/** Shipping and queue-master both declare it, so either may start first. */
export function shippingTaskTopology(queue: { name: string; durable: boolean }) {
  return {
    exchanges: [{ name: SHIPPING_TASK_EXCHANGE, type: 'topic', durable: true }],
    queues: [
      {
        ...queue,
        bindings: [{ exchange: SHIPPING_TASK_EXCHANGE, key: queue.name }],
        advice: ADVICE,
      },
    ],
  } as const;
}
