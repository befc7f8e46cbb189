import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { CookieClient } from './cookie-client.ts';

/** Logs in the customer that every shop has. */
export async function logIn(url: string): Promise<CookieClient> {
  const customer = new CookieClient(url, (response) => response);
  const response = await customer.logIn('user', 'password');
  if (!response.ok) throw new Error(`login answered ${response.status}`);
  return customer;
}

/** Registers a customer with address, card and these socks in the cart. Repeats requests while the shop is too busy. */
export async function newCustomer(
  url: string,
  { cart }: { cart: string[] },
): Promise<CookieClient> {
  const customer = new CookieClient(url, (response) => response);
  await insist(() => {
    const username = `shopper-${randomUUID()}`; // another one each time: a busy shop may have taken the last one
    const names = { firstName: 'A', lastName: 'B', email: '' };
    return customer.post('/register', { username, password: randomUUID(), ...names });
  });
  const address = { number: '1', street: 'S', city: 'C', postcode: 'P', country: 'UK' };
  await insist(() => customer.post('/addresses', address));
  const card = { longNum: '9999000011112222', expires: '12/39', ccv: '123' };
  await insist(() => customer.post('/cards', card));
  for (const id of cart) await insist(() => customer.post('/cart', { id }));
  return customer;
}

/** Places the order of this idempotency key and repeats the request until it succeeds. */
export async function orderOnce(customer: CookieClient, key: string): Promise<string> {
  const headers = { 'idempotency-key': key };
  const placed = await insist(() => customer.post('/orders', undefined, headers));
  return ((await placed.json()) as { id: string }).id;
}

/** Repeats a request while the shop is too busy (503) or still works on it (409), with growing waits. @throws Error for any other refusal. */
async function insist(ask: () => Promise<Response>): Promise<Response> {
  for (let waitMs = 1000; ; waitMs = Math.min(2 * waitMs, 16_000)) {
    const response = await ask();
    if (response.ok) return response;
    const { status } = response;
    if (status !== 503 && status !== 409) throw new Error(`${response.url} answered ${status}`);
    await response.arrayBuffer();
    await setTimeout(waitMs * (0.5 + Math.random()));
  }
}
