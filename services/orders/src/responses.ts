import { priceOf } from '@sockshop/pricing';
import { z } from 'zod';

const text = z.string();
const id = z.string().meta({ examples: ['5f2b1c0e9d3a4b6c8e7f0a12'] });
const link = z.object({ href: text });
const links = z.record(z.string(), z.looseObject({ href: text }));
const moment = z.string().meta({ examples: ['2026-11-21T09:07:15.874+0000'] });
const status = z
  .enum(['CREATED', 'PAID', 'SHIPPING', 'SHIPPED', 'PAYMENT_FAILED', 'CANCELLED'])
  .meta({ id: 'OrderStatus' });
const unitPrice = z.number().meta({ description: 'US dollars.', examples: [99.99] });

const customer = {
  firstName: text.meta({ examples: ['Eve'] }),
  lastName: text.meta({ examples: ['Berger'] }),
  username: text.meta({ examples: ['Eve_Berger'] }),
  addresses: z.array(z.unknown()).max(0),
  cards: z.array(z.unknown()).max(0),
};
const address = {
  number: text.meta({ examples: ['246'] }),
  street: text.meta({ examples: ['Whitelees Road'] }),
  city: text.meta({ examples: ['Glasgow'] }),
  postcode: text.meta({ examples: ['G67 3DL'] }),
  country: text.meta({ examples: ['United Kingdom'] }),
};
const card = {
  longNum: text.meta({ description: 'Masked.', examples: ['************9678'] }),
  expires: text.meta({ examples: ['08/19'] }),
  ccv: z.literal('***'),
};
const item = { itemId: text, quantity: z.int().meta({ examples: [1] }), unitPrice };
const example = priceOf([{ quantity: 1, unitPrice: 99.99 }]);
const progress = {
  date: moment,
  subtotal: z
    .number()
    .meta({ description: 'US dollars, for the items.', examples: [example.subtotal] }),
  shipping: z.number().meta({ description: 'US dollars.', examples: [example.shipping] }),
  total: z
    .number()
    .meta({ description: 'US dollars, shipping included.', examples: [example.total] }),
  status,
  history: z
    .array(z.object({ status, at: moment }))
    .meta({ description: 'Every status, and when it began.' }),
};
const customerId = text.meta({ examples: ['57a98d98e4b00679b4a830b2'] });

/** It contains no ids except those of its lines and its shipment. */
const PlacedOrder = z
  .object({
    id,
    customerId,
    customer: z.object({ id: z.null(), ...customer }),
    address: z.object({ id: z.null(), ...address }),
    card: z.object({ id: z.null(), ...card }),
    items: z.array(z.object({ id: text, ...item })),
    shipment: z.object({ id: text, name: customerId }),
    ...progress,
  })
  .meta({ id: 'PlacedOrder' });

const HalOrder = z
  .object({
    customerId,
    customer: z.object(customer),
    address: z.object(address),
    card: z.object(card),
    items: z.array(z.object(item)),
    shipment: z.object({ name: customerId }),
    ...progress,
    _links: z.object({ self: link, order: link }),
  })
  .meta({ id: 'Order', description: 'The id is the end of the self link.' });

const embedded = { _embedded: z.object({ customerOrders: z.array(HalOrder) }), _links: links };
const page = z
  .object({
    size: z.int(),
    totalElements: z.int(),
    totalPages: z.int(),
    number: z.int().meta({ description: 'From 0.' }),
  })
  .meta({ description: 'The page, and how many there are.' });

/** HAL unless the caller asks for plain JSON; the body is the same. */
const hal = (body: z.ZodType) =>
  ({ mediaType: ['application/hal+json', 'application/json'], body }) as const;

/** The responses as `/openapi.json` describes them. */
export const responses = {
  placed: hal(PlacedOrder),
  page: hal(z.object({ ...embedded, page })),
  searches: hal(z.object({ _links: links })),
  orders: hal(
    z.object({
      ...embedded,
      page: page
        .pick({ size: true, number: true })
        .optional()
        .meta({ description: 'Where the query names a page or a size.' }),
    }),
  ),
  order: hal(HalOrder),
};
