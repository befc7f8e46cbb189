import { configOf } from '@sockshop/service';
import { z } from 'zod';

/** The only reader of payment's variables. `-decline` is the original's flag. */
export class PaymentConfig extends configOf({
  variables: {
    /** US dollars; an amount above it is declined. The original's source says 105. Its deployed image used 100 and declined one "Holy" (104.98 with shipping). */
    DECLINE_OVER: z.coerce.number().positive().default(105),
  },
  flags: { decline: 'DECLINE_OVER' },
  config: ({ DECLINE_OVER }) => ({ declineOver: DECLINE_OVER }),
}) {}
