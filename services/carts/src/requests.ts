import { z } from 'zod';
import { MAX_QUANTITY } from './cart-store.ts';

// What callers send. The original's Jackson took numbers as text and texts as numbers, and so do these; what a line cannot have is refused.

/** A text, also as a number or a boolean. */
const text = (schema: z.ZodString) =>
  z.union([schema, z.number(), z.boolean()]).transform((given) => String(given));

const itemId = text(z.string().min(1).max(100)).meta({
  description: "The sock's id.",
  examples: ['03fef6ac-1896-4ce8-bd69-b798f85c6e0b'],
});

/** A whole number, also as text; of a fraction the whole part counts. */
const quantity = z
  .union([
    z
      .number()
      .min(1)
      .lt(MAX_QUANTITY + 1)
      .transform(Math.trunc),
    z
      .string()
      .regex(/^ *\+?0*[1-9][0-9]{0,2} *$/)
      .transform(Number),
  ])
  .meta({ description: 'Pieces, 1 to 999.', examples: [2] });

/** A price is absent when it is null or an empty text. A million and more is no price: sums must stay exact to the cent. */
const unitPrice = z
  .union([
    z.number().min(0).lt(1_000_000),
    z
      .string()
      .regex(/^ *(\+?([0-9]{1,6}(\.[0-9]{0,9})?|\.[0-9]{1,9}))? *$/)
      .transform((given) => (given.trim() === '' ? undefined : Number(given))),
    z.null().transform(() => undefined),
  ])
  .optional()
  .meta({ description: 'US dollars, below a million.', examples: [99.99] });

/** Without a price a new line costs nothing, as in the original, and an existing line keeps its price. */
export const AddRequest = z.object({ itemId, unitPrice, quantity: quantity.default(1) });
export const UpdateRequest = z.object({ itemId, quantity, unitPrice });
export const TakeRequest = z.object({
  orderId: text(z.string().min(1).max(100)),
  items: z.array(z.object({ id: z.string().max(100).optional(), itemId, quantity })),
});
export const MergeQuery = z.object({
  sessionId: z.string().min(1).meta({ description: "The key of the guest's cart." }),
});
