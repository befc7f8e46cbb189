import { ShopError } from '@sockshop/service';
import { z } from 'zod';

/** Longer than any real text. A longer one would not fit into a Basic header either. */
const LONGEST = 1000;

/** An optional text, as in the original; null counts as absent. */
export const optionalText = z
  .string()
  .max(LONGEST)
  .nullish()
  .transform((text) => text ?? '');

/** Begins with the original's words. */
const INVALID_ID = 'Invalid Id Hex; send 24 hex digits';

/** MongoDB's form of an id. */
export const Id = z
  .string()
  .regex(/^[\da-fA-F]{24}$/, INVALID_ID)
  .transform((id) => id.toLowerCase());

/** The customer who gets the address or card. It is optional, as in the original. */
export const ownerId = z
  .string()
  .regex(/^([\da-fA-F]{24})?$/, INVALID_ID)
  .nullish()
  .transform((id) => (id ? id.toLowerCase() : undefined))
  .meta({ description: "The customer's id. Without it the document has no owner." });

/** What `GET /customers/{id}` adds to the customer. An id of another form is that of no document. */
export const CustomerQuery = z.object({
  links: z
    .string()
    .optional()
    .meta({ description: '`all`: also links to each address and card.', examples: ['all'] }),
  address: z
    .string()
    .optional()
    .meta({
      description: 'The id of an address to embed.',
      examples: ['57a98d98e4b00679b4a830b0'],
    }),
  card: z
    .string()
    .optional()
    .meta({ description: 'The id of a card to embed.', examples: ['57a98d98e4b00679b4a830b1'] }),
});

/** The customer that something is added to does not exist. */
export const NO_OWNER = 'not found; userID must be the id of a customer';

/** @throws ShopError 404, by default with the original's words. */
export function found<T>(value: T | undefined, message = 'not found'): T {
  if (value === undefined) throw new ShopError(404, message);
  return value;
}

/** The response to a deletion. @throws ShopError 404 when there was nothing to delete. */
export function deleted(done: boolean): { status: true } {
  return { status: found(done || undefined) };
}
