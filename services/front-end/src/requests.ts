import { z } from 'zod';

// What callers of the public API send. The pages take their types from here.

/** The filters of catalogue, passed on unchanged. */
export const FilterQuery = z.object({
  q: z
    .string()
    .max(100)
    .optional()
    .meta({
      description:
        'Socks that contain all of these words in their name, description or tags. Default: all socks.',
      examples: ['knitted colour'],
    }),
  tags: z
    .string()
    .optional()
    .meta({
      description: 'Socks with any of these, separated by commas. Default: all socks.',
      examples: ['blue,red'],
    }),
});
export const SocksQuery = FilterQuery.extend({
  page: z
    .int()
    .min(0)
    .optional()
    .meta({ description: 'From 1, the default.', examples: [1] }),
  size: z
    .int()
    .min(0)
    .optional()
    .meta({ description: 'Socks on a page. Default: 10.', examples: [6] }),
  sort: z
    .string()
    .optional()
    .meta({
      description:
        '`id` (the default), `name`, `price`, `count` or `tag`; `-price` or `price,desc` the other way round.',
      examples: ['price'],
    }),
  order: z.string().optional().meta({ description: 'The same as `sort`, which comes first.' }),
});

/** Any other field is ignored, also `quantity`, which the load test sends. */
export const AddToCart = z.object({ id: z.string('Must pass id of item to add').min(1).max(100) });

export const SetQuantity = z.object({
  id: z.string('Must pass id of item to update').min(1).max(100),
  /** The original's page sends text. */
  quantity: z
    .union(
      [z.number(), z.string().regex(/^\d+$/).transform(Number)],
      'Must pass quantity to update',
    )
    .pipe(z.number().int().min(1).max(999)),
});

/** User checks each field again. */
export const NewCustomer = z.object({
  username: z.string().min(1),
  password: z.string().min(1),
  email: z.string().default(''),
  firstName: z.string().default(''),
  lastName: z.string().default(''),
});

/** User checks each field again. */
export const NewAddress = z.object({
  number: z.string(),
  street: z.string(),
  city: z.string(),
  postcode: z.string().default(''),
  country: z.string(),
});

export const NewCard = z.object({
  /** An original user service breaks on fewer characters, and its owner can never log in again. */
  longNum: z.string().min(4),
  expires: z.string(),
  ccv: z.string(),
});

/** Ids of the customer's own address and card. Anything else is ignored, as the original ignored every body. */
export const Choice = z.preprocess(
  (body) => (typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {}),
  z.object({ address: z.string().optional(), card: z.string().optional() }),
);
