import { priceOf } from '@sockshop/pricing';
import { z } from 'zod';

const text = z.string();
const link = z.looseObject({ href: text });
const sockId = text.meta({ examples: ['03fef6ac-1896-4ce8-bd69-b798f85c6e0b'] });
const customerId = text.meta({ examples: ['57a98d98e4b00679b4a830b2'] });
const dollars = z.number().meta({ description: 'US dollars.', examples: [99.99] });

const Sock = z
  .looseObject({
    id: sockId,
    name: text.meta({ examples: ['Holy'] }),
    description: text.meta({ examples: ['Blessed with holes in all the right places.'] }),
    imageUrl: z.array(text).meta({
      description: 'Paths of two pictures.',
      examples: [['/catalogue/images/holy_1.jpeg', '/catalogue/images/holy_2.jpeg']],
    }),
    price: dollars,
    count: z.int().meta({ description: 'Pairs in stock.', examples: [1] }),
    tag: z.array(text).meta({ examples: [['action', 'magic']] }),
  })
  .meta({ id: 'Sock' });
const CartLine = z
  .looseObject({
    id: text.meta({ description: 'The id of the line.' }),
    itemId: sockId.meta({ description: "The sock's id." }),
    quantity: z.int().meta({ examples: [2] }),
    unitPrice: dollars,
  })
  .meta({ id: 'CartLine' });
const example = priceOf([{ quantity: 1, unitPrice: 99.99 }]);
const price = {
  subtotal: z
    .number()
    .meta({ description: 'US dollars, for the items.', examples: [example.subtotal] }),
  shipping: z.number().meta({ description: 'US dollars.', examples: [example.shipping] }),
  total: z
    .number()
    .meta({ description: 'US dollars, shipping included.', examples: [example.total] }),
};
const PricedCart = z
  .object({ items: z.array(CartLine), ...price })
  .meta({ id: 'PricedCart', description: 'The cart, and what it costs when it is ordered now.' });
export const Customer = z
  .looseObject({
    firstName: text.meta({ examples: ['Eve'] }),
    lastName: text.meta({ examples: ['Berger'] }),
    username: text.meta({ examples: ['Eve_Berger'] }),
    id: customerId,
    _links: z.looseObject({ customer: link, self: link }),
  })
  .meta({ id: 'Customer' });
const address = {
  street: text.meta({ examples: ['Whitelees Road'] }),
  number: text.meta({ examples: ['246'] }),
  country: text.meta({ examples: ['United Kingdom'] }),
  city: text.meta({ examples: ['Glasgow'] }),
  postcode: text.meta({ examples: ['G67 3DL'] }),
};
export const Address = z
  .looseObject({ ...address, id: text, _links: z.looseObject({ self: link }) })
  .meta({ id: 'Address' });
const card = {
  longNum: text.meta({ description: 'Masked.', examples: ['************9678'] }),
  expires: text.meta({ examples: ['08/19'] }),
  ccv: z.literal('***'),
};
export const Card = z
  .looseObject({ ...card, id: text, _links: z.looseObject({ self: link }) })
  .meta({ id: 'Card' });
const status = z
  .enum(['CREATED', 'PAID', 'SHIPPING', 'SHIPPED', 'PAYMENT_FAILED', 'CANCELLED'])
  .meta({ id: 'OrderStatus' });
const moment = text.meta({ examples: ['2026-11-21T09:07:15.874+0000'] });
const order = {
  customerId,
  customer: z.looseObject({ firstName: text, lastName: text, username: text }),
  address: z.looseObject(address),
  card: z.looseObject(card),
  items: z.array(z.looseObject({ itemId: sockId, quantity: z.int(), unitPrice: dollars })),
  shipment: z.looseObject({ name: customerId }),
  date: moment,
  ...price,
  // an original orders has no status
  status: status.optional(),
  history: z
    .array(z.object({ status, at: moment }))
    .optional()
    .meta({ description: 'Each status with its time.' }),
};
const Order = z
  .looseObject({ ...order, _links: z.looseObject({ self: link }) })
  .meta({ id: 'Order', description: 'Its id is the end of its self link.' });
const PlacedOrder = z.looseObject({ id: text, ...order }).meta({ id: 'PlacedOrder' });

const none = z.object({ status_code: z.literal(500) }).meta({
  id: 'None',
  description: 'Means that there is none. The page scripts of the original read this field.',
});

/**
 * The responses of the public API: `/openapi.json` describes them by these schemas, and the pages take their types from here. Fields
 * that an upstream adds are passed on, so callers may see more of them.
 */
export const responses = {
  socks: z.array(Sock),
  sock: Sock,
  size: z.looseObject({ size: z.int().meta({ examples: [9] }), err: z.null() }),
  tags: z.looseObject({ tags: z.array(text).meta({ examples: [['blue', 'red']] }), err: z.null() }),
  line: CartLine,
  lines: z.array(CartLine),
  pricedCart: PricedCart,
  /** Without a content type: the original's page script parses the text itself. */
  self: {
    description: 'the caller, sent without a content type; `status_code` 500 for a deleted account',
    mediaType: '*/*',
    body: z.union([Customer, none]),
  },
  customers: z.object({ _embedded: z.object({ customer: z.array(Customer).length(1) }) }),
  address: z.union([Address, none]),
  addresses: z.object({ _embedded: z.object({ address: z.array(Address) }) }),
  lastDigits: z.union([z.object({ number: text.meta({ examples: ['9678'] }) }), none]),
  card: Card,
  cards: z.object({ _embedded: z.object({ card: z.array(Card) }) }),
  created: z.object({ id: text }),
  deleted: z.looseObject({ status: z.literal(true) }),
  orders: z.array(Order),
  order: { mediaType: 'application/hal+json', body: Order },
  placed: PlacedOrder,
  refusal: z.looseObject({ status: z.int(), message: text }).meta({ id: 'Refusal' }),
  cookie: { description: 'the cookies are set', mediaType: 'text/html', body: text },
  page: { description: 'the page', mediaType: 'text/html', body: text },
};

/** What the handler of a response described by `R` must return. */
export type BodyOf<R> = R extends z.ZodType
  ? z.output<R>
  : R extends { body: infer B extends z.ZodType }
    ? z.output<B>
    : never;
