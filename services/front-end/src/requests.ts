import { wholeNumber } from '@sockshop/service';
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
/** As catalogue takes it: any text that is no number counts as 0. */
const count = z
  .union([z.int().min(0), z.string().meta({ not: { pattern: '^-0*[1-9][0-9]*$' } })])
  .optional();
export const SocksQuery = FilterQuery.extend({
  page: count.meta({ description: 'From 1, the default; page 0 has no socks.', examples: [1] }),
  size: count.meta({ description: 'Socks on a page. Default: 10.', examples: [6] }),
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

export const OrdersQuery = z.object({
  page: wholeNumber(0, 1_000_000)
    .optional()
    .meta({ description: 'From 0: the newest orders, the newest one first.', examples: [0] }),
  size: wholeNumber(1, 100)
    .optional()
    .meta({ description: 'Orders on a page. Default where a page is given: 20.', examples: [20] }),
});

/** Any other field is ignored, also `quantity`, which the load test sends. */
export const AddToCart = z.object({ id: z.string('Must pass id of item to add').min(1).max(100) });

export const SetQuantity = z.object({
  id: z.string('Must pass id of item to update').min(1).max(100),
  /** The original's page sends text. */
  quantity: z.union(
    [
      z.int().min(1).max(999),
      z
        .string()
        .regex(/^0*[1-9][0-9]{0,2}$/)
        .transform(Number),
    ],
    'Must pass quantity to update, from 1 to 999',
  ),
});

// User's own limits. An original user service has none, and breaks on a card number of fewer than four characters.
const text = z.string().max(1000);

export const NewCustomer = z.object({
  /** A colon ends the name in Basic credentials. */
  username: z
    .string()
    .max(200)
    .regex(
      /^[^:\u0000-\u001f\u007f-\u009f]+$/,
      'must be a text without colons and control characters',
    ),
  password: text.min(1),
  email: text.default(''),
  firstName: text.default(''),
  lastName: text.default(''),
});

export const NewAddress = z.object({
  number: text,
  street: text,
  city: text,
  postcode: text.default(''),
  country: text,
});

export const NewCard = z.object({
  longNum: z.string().regex(/^[ -]*([0-9][ -]*){12,19}$/, 'must have 12 to 19 digits'),
  expires: text,
  ccv: text,
});

/** Ids of the customer's own address and card. Anything else is ignored, as the original ignored every body. */
export const Choice = z.preprocess(
  (body) => (typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {}),
  z.object({ address: z.string().optional(), card: z.string().optional() }),
);

/** Checked by orders. */
export const IdempotencyKey = z
  .string()
  .max(200)
  .regex(/^[!-~]([ -~]*[!-~])?$/);
