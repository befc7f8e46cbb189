import { z } from 'zod';

const link = z.object({ href: z.string().meta({ examples: ['http://user/…'] }) });
const id = z.string().meta({ examples: ['57a98d98e4b00679b4a830b2'] });
const text = z.string();

const Customer = z
  .object({
    firstName: text.meta({ examples: ['Eve'] }),
    lastName: text.meta({ examples: ['Berger'] }),
    username: text.meta({ examples: ['Eve_Berger'] }),
    id,
    _links: z.object({ addresses: link, cards: link, customer: link, self: link }),
  })
  .meta({ id: 'Customer' });
const Address = z
  .object({
    street: text.meta({ examples: ['Whitelees Road'] }),
    number: text.meta({ examples: ['246'] }),
    country: text.meta({ examples: ['United Kingdom'] }),
    city: text.meta({ examples: ['Glasgow'] }),
    postcode: text.meta({ examples: ['G67 3DL'] }),
    id,
    _links: z.object({ address: link, self: link }),
  })
  .meta({ id: 'Address' });
const Card = z
  .object({
    longNum: text.meta({ description: 'Digits only, in full.', examples: ['5953580604169678'] }),
    expires: text.meta({ examples: ['08/19'] }),
    ccv: z.literal('***').meta({ description: 'None is stored.' }),
    id,
    _links: z.object({ card: link, self: link }),
  })
  .meta({ id: 'Card' });

const one = { description: 'Where the query asks for it, and it exists.' };
/** What the query of `GET /customers/{id}` adds. */
const CustomerWithParts = Customer.extend({
  _links: Customer.shape._links.extend({
    address: z.array(link).optional(),
    card: z.array(link).optional(),
  }),
  _embedded: z
    .object({ address: Address.optional().meta(one), card: Card.optional().meta(one) })
    .optional(),
}).meta({ id: 'CustomerWithParts' });

export type CustomerJson = z.output<typeof CustomerWithParts>;
export type AddressJson = z.output<typeof Address>;
export type CardJson = z.output<typeof Card>;

const hal = <Body extends z.ZodType>(body: Body) =>
  ({ mediaType: 'application/hal+json', body }) as const;
const list = <Lists extends z.ZodRawShape>(lists: Lists) =>
  hal(z.object({ _embedded: z.object(lists) }));

/** The responses as `/openapi.json` describes them; `Hal` makes their bodies. */
export const responses = {
  customer: hal(CustomerWithParts),
  customers: list({ customer: z.array(Customer) }),
  address: hal(Address),
  addresses: list({ address: z.array(Address) }),
  card: hal(Card),
  cards: list({ card: z.array(Card) }),
  login: hal(z.object({ user: Customer })),
  created: hal(z.object({ id })),
  deleted: hal(z.object({ status: z.literal(true) })),
};

export const NOT_FOUND = 'not found';
export const UNAVAILABLE = 'user-db is unavailable';
