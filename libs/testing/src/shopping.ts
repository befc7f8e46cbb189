import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

/** The cookies of the customer that every shop has. */
export async function logIn(url: string): Promise<string> {
  const authorization = `Basic ${Buffer.from('user:password').toString('base64')}`;
  const response = await fetch(`${url}/login`, { headers: { authorization } });
  if (!response.ok) throw new Error(`login answered ${response.status}`);
  return cookiesOf(response);
}

/** The cookies of a customer with address, card and what is in the cart. Asks again what the shop is too busy for. */
export async function newCustomer(url: string, { cart }: { cart: string[] }): Promise<string> {
  const registered = await insist(() => {
    const username = `shopper-${randomUUID()}`; // another one each time: a busy shop may have taken the last one
    const names = { firstName: 'A', lastName: 'B', email: '' };
    return call(url, '', 'POST', '/register', { username, password: randomUUID(), ...names });
  });
  const cookie = cookiesOf(registered);
  const address = { number: '1', street: 'S', city: 'C', postcode: 'P', country: 'UK' };
  await insist(() => call(url, cookie, 'POST', '/addresses', address));
  const card = { longNum: '9999000011112222', expires: '12/39', ccv: '123' };
  await insist(() => call(url, cookie, 'POST', '/cards', card));
  for (const id of cart) await insist(() => call(url, cookie, 'POST', '/cart', { id }));
  return cookie;
}

/** The order of this idempotency key, however often the shop has to be asked. */
export async function orderOnce(url: string, cookie: string, key: string): Promise<string> {
  const headers = { cookie, 'idempotency-key': key };
  const placed = await insist(() => fetch(`${url}/orders`, { method: 'POST', headers }));
  return ((await placed.json()) as { id: string }).id;
}

/** Until the shop neither is too busy (503) nor still works on it (409), more patient each time. @throws Error for any other refusal. */
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

function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

/** One call of the public API. */
export function call(
  url: string,
  cookie: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Response> {
  const headers = { cookie, ...(body !== undefined && { 'content-type': 'application/json' }) };
  const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  return fetch(url + path, init);
}
