import { ApiError, failure } from './api-error.ts';
import { text } from './i18n/text.ts';
import { startCall } from './trace/tracer.ts';

// Every call of the storefront. Answers come from our own front-end, whose contract tests hold their
// shapes: that is the reason for each `as` here.

export interface Sock {
  id: string;
  name: string;
  description: string;
  /** Paths of two JPEG pictures. */
  imageUrl: string[];
  /** US dollars. */
  price: number;
  count: number;
  tag: string[];
}

export interface CartLine {
  id: string;
  /** The sock's id. */
  itemId: string;
  quantity: number;
  /** US dollars. */
  unitPrice: number;
}

export interface Customer {
  firstName: string;
  lastName: string;
  username: string;
}

export interface Address {
  /** Absent from the copy that an order keeps. */
  id?: string;
  number: string;
  street: string;
  city: string;
  postcode: string;
  country: string;
}

export interface Card {
  /** Absent from the copy that an order keeps. */
  id?: string;
  /** Masked by the server except for the last four digits. */
  longNum: string;
  expires: string;
}

export interface NewCard extends Card {
  ccv: string;
}

export interface NewCustomer extends Customer {
  password: string;
  email: string;
}

export type OrderStatus =
  'CREATED' | 'PAID' | 'SHIPPING' | 'SHIPPED' | 'PAYMENT_FAILED' | 'CANCELLED';

export interface Order {
  customer: Customer;
  address: Address;
  card: Card;
  items: { itemId: string; quantity: number; unitPrice: number }[];
  /** Like `2026-11-21T09:07:11.948+0000`. */
  date: string;
  /** US dollars, shipping included. */
  total: number;
  /** Absent where an original orders service answers; that one knows no status. */
  status?: OrderStatus;
  history?: { status: OrderStatus; at: string }[];
  _links: { self: { href: string } };
}

/** Which socks. */
export interface SockFilter {
  /** They have any of these. */
  tags?: string[];
  /** Their texts contain all of these words. */
  q?: string;
}

export interface SockQuery extends SockFilter {
  page?: number;
  size?: number;
  sort?: string;
}

export async function listSocks(query: SockQuery = {}): Promise<Sock[]> {
  const socks = (await call('GET', `/catalogue?${params(query)}`)) as (Sock | null)[] | null;
  return (socks ?? []).filter((sock) => sock !== null); // original catalogues answer null for none
}

export async function countSocks(filter: SockFilter): Promise<number> {
  return ((await call('GET', `/catalogue/size?${params(filter)}`)) as { size: number }).size;
}

function params(query: SockQuery): string {
  const given = Object.entries(query).map(([name, value]) => [name, String(value)]);
  return new URLSearchParams(given.filter(([, value]) => value !== '')).toString();
}

export async function getSock(id: string): Promise<Sock> {
  return (await call('GET', `/catalogue/${encodeURIComponent(id)}`)) as Sock;
}

export async function listTags(): Promise<string[]> {
  return ((await call('GET', '/tags')) as { tags: string[] | null }).tags ?? [];
}

export async function getCart(): Promise<CartLine[]> {
  const lines = (await call('GET', '/cart')) as (CartLine | null)[];
  return lines.filter((line) => line !== null).filter((line) => line.itemId);
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
  const answer = (await call('GET', '/addresses')) as { _embedded: { address: Address[] } };
  return answer._embedded.address;
}

export async function listCards(): Promise<Card[]> {
  const answer = (await call('GET', '/cards')) as { _embedded: { card: Card[] } };
  return answer._embedded.card;
}

/** Answers the new address's id. */
export async function addAddress(address: Address): Promise<string> {
  return ((await call('POST', '/addresses', address)) as { id: string }).id;
}

export async function deleteAddress(id: string): Promise<void> {
  await call('DELETE', `/addresses/${encodeURIComponent(id)}`);
}

/** Answers the new card's id. */
export async function addCard(card: NewCard): Promise<string> {
  return ((await call('POST', '/cards', card)) as { id: string }).id;
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

/** Ids of the customer's own; the first ones where nothing is chosen. */
export interface Choice {
  address?: string;
  card?: string;
}

/** Orders what is in the cart. A repeat with the same key answers the first order again. */
export async function placeOrder(idempotencyKey: string, choice: Choice): Promise<void> {
  await call('POST', '/orders', choice, { 'idempotency-key': idempotencyKey });
}

export async function listOrders(): Promise<Order[]> {
  return (await call('GET', '/orders')) as Order[];
}

export async function getOrder(id: string): Promise<Order> {
  return (await call('GET', `/orders/${encodeURIComponent(id)}`)) as Order;
}

/** Longer than any deadline behind the front-end: its answer names the trace, ours cannot. */
const timeoutMs = 40_000;

async function call(
  method: string,
  path: string,
  content?: unknown,
  headers: Record<string, string> = {},
): Promise<unknown> {
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
  if (response.ok) return answer;
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
