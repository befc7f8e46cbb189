import { ApiError, failure } from './api-error.ts';
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
  number: string;
  street: string;
  city: string;
  postcode: string;
  country: string;
}

export interface Card {
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

export interface SockQuery {
  page?: number;
  size?: number;
  /** Socks that have any of them. */
  tags?: string[];
  sort?: string;
}

export async function listSocks(query: SockQuery = {}): Promise<Sock[]> {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && String(value) !== '') params.set(name, String(value));
  }
  const socks = (await call('GET', `/catalogue?${params}`)) as (Sock | null)[] | null;
  return (socks ?? []).filter((sock) => sock !== null); // original catalogues answer null for none
}

export async function countSocks(tags: string[] = []): Promise<number> {
  const params = new URLSearchParams(tags.length > 0 ? { tags: tags.join() } : {});
  return ((await call('GET', `/catalogue/size?${params}`)) as { size: number }).size;
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

/** The address orders are shipped to: the first one. Null without any. */
export async function getAddress(): Promise<Address | null> {
  return orNone<Address>(call('GET', '/address'));
}

/** The last four digits of the card orders are paid with: the first one. Null without any. */
export async function getCard(): Promise<{ number: string } | null> {
  return orNone<{ number: string }>(call('GET', '/card'));
}

export async function listAddresses(): Promise<Address[]> {
  const answer = (await call('GET', '/addresses')) as { _embedded: { address: Address[] } };
  return answer._embedded.address;
}

export async function listCards(): Promise<Card[]> {
  const answer = (await call('GET', '/cards')) as { _embedded: { card: Card[] } };
  return answer._embedded.card;
}

export async function addAddress(address: Address): Promise<void> {
  await call('POST', '/addresses', address);
}

export async function addCard(card: NewCard): Promise<void> {
  await call('POST', '/cards', card);
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

/** Orders what is in the cart. A repeat with the same key answers the first order again. */
export async function placeOrder(idempotencyKey: string): Promise<void> {
  await call('POST', '/orders', {}, { 'idempotency-key': idempotencyKey });
}

export async function listOrders(): Promise<Order[]> {
  return (await call('GET', '/orders')) as Order[];
}

export async function getOrder(id: string): Promise<Order> {
  return (await call('GET', `/orders/${encodeURIComponent(id)}`)) as Order;
}

/** Longer than any deadline behind the front-end: its answer names the trace, ours cannot. */
const timeoutMs = 30_000;

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const span = startCall(method, path);
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const request: RequestInit = {
    method,
    headers: { ...headers, ...type, ...span.headers },
    signal: AbortSignal.timeout(timeoutMs),
  };
  if (body !== undefined) request.body = JSON.stringify(body);
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, request);
    text = await response.text();
  } catch (error) {
    span.end(0, error instanceof Error ? error.name : 'Error');
    const message = 'The shop cannot be reached. Please check your connection and try again.';
    throw new ApiError(message, 0, null, { cause: error });
  }
  span.end(response.status);
  const answer = parse(text);
  if (response.ok) return answer;
  throw failure(response.status, answer, response.headers.get('x-trace-id'));
}

/** By content, not by content type: `/customers/:id` answers without one. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
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
