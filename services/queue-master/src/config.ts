import { configOf, milliseconds, shippingQueue } from '@sockshop/service';
import { z } from 'zod';

/** queue-master's variables. Those that several services share are in `libs/service/src/settings.ts`. */
export class QueueMasterConfig extends configOf({
  variables: {
    ...shippingQueue.variables,
    /** How long a shipment takes: long enough for a shopper to see the status change. The original's containers ran for 40 s. */
    SHIPPING_DURATION_MS: milliseconds.default(2000),
    /** Most shipments at the same time. The original ran at most 50 containers. */
    SHIPPING_PREFETCH: z.coerce.number().int().min(1).max(65_535).default(50),
  },
  flags: shippingQueue.flags,
  config: (values, env) => ({
    ...shippingQueue.config(values, env),
    shippingDurationMs: values.SHIPPING_DURATION_MS,
    prefetch: values.SHIPPING_PREFETCH,
  }),
}) {}
