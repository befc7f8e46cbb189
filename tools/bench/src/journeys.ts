import type { Load, Step } from '@sockshop/measure';
import type { Facts } from './facts.ts';

/** A load without its place and its size. */
export type Journey = Pick<Load, 'variants' | 'session' | 'setUp'> & {
  /** Work goes on after the response: it is waited for. At so many iterations a cell ends. */
  readonly ships?: { readonly most: number };
};

export const JOURNEYS = {
  catalogue: 'GET /catalogue',
  sock: 'GET /catalogue/{id}',
  tags: 'GET /tags',
  home: 'GET /',
  picture: 'GET /catalogue/images/{name}',
  login: 'GET /login',
  register: 'POST /register',
  cart: 'POST /cart',
  order: 'DELETE /cart, POST /cart, POST /orders',
  'orders-10': 'GET /orders of a customer with 10 orders',
  'orders-1000': 'GET /orders of a customer with 1,000 orders',
  'orders-10000': 'GET /orders of a customer with 10,000 orders',
} as const;
export type JourneyName = keyof typeof JOURNEYS;
export const JOURNEY_NAMES = Object.keys(JOURNEYS) as JourneyName[]; // its keys are just these

/** How many orders the customer of a journey has; undefined for other journeys. */
export function ordersIn(name: JourneyName): number | undefined {
  const [, count] = /^orders-(\d+)$/.exec(name) ?? [];
  return count === undefined ? undefined : Number(count);
}

const OK = { status: 200 };
const PASSWORD = 'benchmark';
const SHIPPED_AT_MOST = 50;

export function journey(name: JourneyName, facts: Facts): Journey {
  const { socks, known } = facts;
  const count = ordersIn(name);
  if (count !== undefined) return orderList(count);
  const get = (path: string): Step => ({
    method: 'GET',
    path,
    expect: { ...OK, ...sha256Of(known, path) },
  });
  switch (name) {
    case 'catalogue':
      return { variants: [[get('/catalogue')]] };
    case 'sock':
      return { variants: socks.map(({ id }) => [get(`/catalogue/${id}`)]) };
    case 'tags':
      return { variants: [[get('/tags')]] };
    case 'home':
      return { variants: [[get('/')]] };
    case 'picture':
      return { variants: socks.flatMap(({ picture }) => [[get(picture)]]) };
    case 'login':
      return {
        ...customers(),
        variants: [[logIn('bench-{run}-{connection}', PASSWORD)]],
      };
    case 'register':
      return { variants: [[register('bench-{run}-new-{nth}')]] };
    case 'cart':
      return { ...customers(), variants: socks.map(({ id }) => [add(id)]) };
    default:
      return {
        ...customers(),
        variants: socks.map(({ id }) => [CLEAR, add(id), ORDER]),
        ships: { most: SHIPPED_AT_MOST },
      };
  }
}

/** A customer of its own for each connection, with address and card. */
export function customers(): Pick<Journey, 'session' | 'setUp'> {
  return { session: 'customers', setUp: signUp('bench-{run}-{connection}') };
}

/** The requests that make a customer who can order. */
export function signUp(username: string): Step[] {
  const number = '246';
  const address = { street: 'Whitelees Road', number, city: 'Glasgow', postcode: 'G67 3DL' };
  const card = { longNum: '9999000011112222', expires: '12/39', ccv: '123' };
  return [
    register(username),
    post('/addresses', { ...address, country: 'United Kingdom' }, 200),
    post('/cards', card, 200),
  ];
}

export function logIn(username: string, password = PASSWORD): Step {
  return { method: 'GET', path: '/login', credentials: { username, password }, expect: OK };
}

export const CLEAR: Step = { method: 'DELETE', path: '/cart', expect: { status: 202 } };
export const ORDER: Step = {
  method: 'POST',
  path: '/orders',
  expect: { status: 201, contains: ['"total"', '"id"'] },
};

export function add(id: string): Step {
  return post('/cart', { id }, 201);
}

/** The customer whose orders were copied into the store. */
export function customerWith(orders: number): string {
  return `bench-with-${orders}-orders`;
}

/** All connections are the same customer. */
function orderList(count: number): Journey {
  return {
    session: `orders-${count}`,
    setUp: [logIn(customerWith(count))],
    variants: [[{ method: 'GET', path: '/orders', expect: { status: 201, elements: 1 } }]],
  };
}

function register(username: string): Step {
  const names = { firstName: 'Bench', lastName: 'Mark', email: 'bench@example.com' };
  return post('/register', { username, password: PASSWORD, ...names }, 200);
}

function post(path: string, json: unknown, status: number): Step {
  return { method: 'POST', path, json, expect: { status } };
}

function sha256Of(known: Facts['known'], path: string): { sha256?: string } {
  const sha256 = known.get(path);
  return sha256 === undefined ? {} : { sha256 };
}
