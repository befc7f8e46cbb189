import type { z } from 'zod';
import type * as requests from '../src/requests.ts';
import type { BodyOf, responses } from '../src/responses.ts';
import { ApiError, failure } from './api-error.ts';
import { text } from './i18n/text.ts';
import type { Known } from './known-fields.ts';
import { startCall } from './trace/tracer.ts';

// Every call of the storefront. Answers come from our own front-end, whose tests hold them against the schemas that these types are made
// from: that is the reason for each `as` here.

type Body<Name extends keyof typeof responses> = Known<BodyOf<(typeof responses)[Name]>>;

export type Sock = Body<'sock'>;
export type PricedCart = Body<'pricedCart'>;
export type CartLine = Body<'line'>;
export type Customer = Exclude<Body<'self'>, None>;
export type Address = Exclude<Body<'address'>, None>;
export type Card = Body<'card'>;
export type Order = Body<'orders'>[number];
export type OrderStatus = NonNullable<Order['status']>;
/** A page of orders, and whether there are older ones. */
export interface OrdersPage {
  orders: Order[];
  older: boolean;
}
interface None {
  status_code: 500;
}

export type NewCustomer = z.input<typeof requests.NewCustomer>;
export type NewAddress = z.input<typeof requests.NewAddress>;
export type NewCard = z.input<typeof requests.NewCard>;
/** Ids of the customer's own; the first ones where nothing is chosen. */
export type Choice = z.output<typeof requests.Choice>;

/** A query as pages have it: with tags as a list. */
type Listed<Query> = Omit<Query, 'tags'> & { tags?: string[] };
/** Which socks. */
export type SockFilter = Listed<z.input<typeof requests.FilterQuery>>;
export type SockQuery = Listed<Omit<z.input<typeof requests.SocksQuery>, 'order'>>;

export async function listSocks(query: SockQuery = {}): Promise<Sock[]> {
  const socks = (await call('GET', `/catalogue?${params(query)}`)) as (Sock | null)[] | null; // an original catalogue has null for none
  return (socks ?? []).filter((sock) => sock !== null);
}

export async function countSocks(filter: SockFilter): Promise<number> {
  return ((await call('GET', `/catalogue/size?${params(filter)}`)) as Body<'size'>).size;
}

function params(query: SockQuery): string {
  const given = Object.entries(query).map(([name, value]) => [name, String(value ?? '')]);
  return new URLSearchParams(given.filter(([, value]) => value !== '')).toString();
}

export async function getSock(id: string): Promise<Sock> {
  return (await call('GET', `/catalogue/${encodeURIComponent(id)}`)) as Sock;
}

export async function listTags(): Promise<string[]> {
  return ((await call('GET', '/tags')) as Partial<Body<'tags'>>).tags ?? [];
}

export async function getCart(): Promise<PricedCart> {
  return (await call('GET', '/cart/summary')) as PricedCart;
}

export async function addToCart(sockId: string): Promise<void> {
  await call('POST', '/cart', { id: sockId });
}

export async function setQuantity(sockId: string, quantity: number): Promise<void> {
  await call('POST', '/cart/update', { id: sockId, quantity });
}

export async function removeFromCart(sockId: string): Promise<void> {
  await call('DELETE', `/cart/${encodeURIComponent(sockId)}`);
}

/** Null for a shopper who is not, or no longer, logged in. */
export async function getCustomer(loggedInCookie: string): Promise<Customer | null> {
  return orNone<Customer>(call('GET', `/customers/${encodeURIComponent(loggedInCookie)}`));
}

export async function listAddresses(): Promise<Address[]> {
  const answer = (await call('GET', '/addresses')) as Body<'addresses'>;
  return answer._embedded.address;
}

export async function listCards(): Promise<Card[]> {
  const answer = (await call('GET', '/cards')) as Body<'cards'>;
  return answer._embedded.card;
}

/** Returns the new address's id. */
export async function addAddress(address: NewAddress): Promise<string> {
  return ((await call('POST', '/addresses', address)) as Body<'created'>).id;
}

export async function deleteAddress(id: string): Promise<void> {
  await call('DELETE', `/addresses/${encodeURIComponent(id)}`);
}

/** Returns the new card's id. */
export async function addCard(card: NewCard): Promise<string> {
  return ((await call('POST', '/cards', card)) as Body<'created'>).id;
}

export async function deleteCard(id: string): Promise<void> {
  await call('DELETE', `/cards/${encodeURIComponent(id)}`);
}

/** Rejects with status 401 when name or password are wrong. */
export async function logIn(username: string, password: string): Promise<void> {
  const bytes = new TextEncoder().encode(`${username}:${password}`); // btoa takes Latin-1 only
  const credentials = btoa(String.fromCharCode(...bytes));
  await call('GET', '/login', undefined, { authorization: `Basic ${credentials}` });
}

export async function register(customer: NewCustomer): Promise<void> {
  await call('POST', '/register', customer);
}

export async function logOut(): Promise<void> {
  await call('POST', '/logout');
}

/** Orders what is in the cart. A repeat with the same key finds the first order. Returns the order's id. */
export async function placeOrder(idempotencyKey: string, choice: Choice): Promise<string> {
  const headers = { 'idempotency-key': idempotencyKey };
  return ((await call('POST', '/orders', choice, headers)) as Body<'placed'>).id;
}

/** The newest orders first; page 1 has the newest of all. */
export async function listOrders(page: number, size: number): Promise<OrdersPage> {
  const { answer, response } = await exchange('GET', `/orders?page=${page - 1}&size=${size}`);
  const older = response.headers.get('link')?.includes('rel="next"') ?? false;
  return { orders: answer as Order[], older };
}

export async function getOrder(id: string): Promise<Order> {
  return (await call('GET', `/orders/${encodeURIComponent(id)}`)) as Order;
}

/** Longer than any deadline behind the front-end: its answer names the trace, ours cannot. */
const timeoutMs = 40_000;

async function call(...of: Parameters<typeof exchange>): Promise<unknown> {
  return (await exchange(...of)).answer;
}

async function exchange(
  method: string,
  path: string,
  content?: unknown,
  headers: Record<string, string> = {},
): Promise<{ answer: unknown; response: Response }> {
  const span = startCall(method, path);
  const type = content === undefined ? {} : { 'content-type': 'application/json' };
  const request: RequestInit = {
    method,
    headers: { ...headers, ...type, ...span.headers },
    signal: AbortSignal.timeout(timeoutMs),
    keepalive: method !== 'GET', // a change is sent also when the page is left meanwhile
  };
  if (content !== undefined) request.body = JSON.stringify(content);
  let response: Response;
  let body: string;
  try {
    response = await fetch(path, request);
    body = await response.text();
  } catch (error) {
    span.end(0, error instanceof Error ? error.name : 'Error');
    throw new ApiError(text.errors.unreachable, 0, null, { cause: error });
  }
  span.end(response.status);
  const answer = parse(body);
  if (response.ok) return { answer, response };
  throw failure(response.status, answer, response.headers.get('x-trace-id'));
}

/** By content, not by content type: `/customers/:id` answers without one. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** "Not logged in" and "has none" in both forms: the status, or 200 with a `status_code` inside. */
async function orNone<T extends object>(answer: Promise<unknown>): Promise<T | null> {
  try {
    const document = (await answer) as T;
    return 'status_code' in document ? null : document;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 401 || error.status === 404)) return null;
    throw error;
  }
}
