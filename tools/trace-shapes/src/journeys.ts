import type { Visitor } from '@sockshop/measure';

/** What one shopper does, and the traces of it that are compared. */
export interface Journey {
  readonly name: string;
  /** Does it and returns the ids of its traces, in order. */
  readonly traces: (visitor: Visitor, socks: Socks) => Promise<string[]>;
}

/** Socks to buy: one of a small price, and one of which two are more than payment accepts. */
export interface Socks {
  readonly cheap: string;
  readonly dear: string;
}

/** The largest total that payment accepts is 100 $ by default. */
const DEAR = 52;

export const JOURNEYS: readonly Journey[] = [
  {
    name: 'browse',
    traces: async (visitor) => [
      await visitor.traced('GET', '/'),
      await visitor.traced('GET', '/catalogue?page=1&size=6'),
      await visitor.traced('GET', '/tags'),
    ],
  },
  {
    name: 'search',
    traces: async (visitor) => [await visitor.traced('GET', '/catalogue?q=sock&size=6')],
  },
  {
    name: 'detail',
    traces: async (visitor, { cheap }) => [await visitor.traced('GET', `/catalogue/${cheap}`)],
  },
  { name: 'register', traces: async (visitor) => [await visitor.register()] },
  {
    name: 'login',
    traces: async (visitor) => {
      await visitor.register();
      await visitor.traced('POST', '/logout');
      return [await visitor.logIn()];
    },
  },
  {
    name: 'wrong-login',
    traces: async (visitor) => {
      await visitor.register();
      await visitor.traced('POST', '/logout');
      return [await visitor.logIn('a wrong password', { status: 401 })];
    },
  },
  {
    name: 'add-to-cart',
    traces: async (visitor, { cheap }) => [
      await visitor.traced('POST', '/cart', { json: { id: cheap } }),
    ],
  },
  {
    name: 'order',
    traces: async (visitor, { cheap }) => {
      await visitor.signUp();
      await visitor.traced('POST', '/cart', { json: { id: cheap } });
      return [await visitor.traced('POST', '/orders')];
    },
  },
  {
    name: 'declined-order',
    traces: async (visitor, { dear }) => {
      await visitor.signUp();
      for (const id of [dear, dear]) await visitor.traced('POST', '/cart', { json: { id } });
      return [await visitor.traced('POST', '/orders', { status: 406 })];
    },
  },
];

/** @throws Error where the shop has none that fit */
export async function socksOf(visitor: Visitor): Promise<Socks> {
  await visitor.traced('GET', '/catalogue?size=100');
  const all = visitor.body as { id: string; price: number }[];
  const cheap = all.find(({ price }) => price < 20);
  const dear = all.find(({ price }) => price > DEAR && price < 100);
  if (!cheap || !dear)
    throw new Error('the shop has no sock of less than 20 $ or none of more than 52 $');
  return { cheap: cheap.id, dear: dear.id };
}
