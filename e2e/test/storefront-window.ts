import { expect } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { page, window } from './in-browser.ts';

// What tests of the storefront do in the running test's window.

export const HOLY = '03fef6ac-1896-4ce8-bd69-b798f85c6e0b'; // 99.99
export const FIGUEROA = '819e1fbf-8b7e-4f6d-811f-693534916a8b'; // 14.00
export const CAT = '837ab141-399e-4c1f-9abc-bace40296bac'; // 15.00

/** Where a shopper is who has bought something. */
export const PLACED = '**/customer-order.html?order=/orders/*';

interface PlacedOrder {
  address: { street: string };
  card: { longNum: string };
  items: { itemId: string; quantity: number }[];
  total: number;
}

export const seen = (text: string) =>
  page.getByText(text).filter({ visible: true }).first().waitFor();
export const path = () => new URL(page.url()).pathname + new URL(page.url()).search;
export const texts = (selector: string) => page.locator(selector).allTextContents();
export const orderButton = () => page.locator('button#orderButton:not([disabled])');

/** Removes an expected problem from the window's list. */
export function expectProblems(status: number): void {
  const expected = new RegExp(`^(${status} for|console: .*status of ${status})`);
  const all = window.problems.splice(0);
  expect(all.filter((problem) => !expected.test(problem))).toEqual([]);
  expect(all.length).toBeGreaterThan(0);
}

export const api = () => page.context().request;

/** Registers through the API, which logs the browser in. Returns the name. */
export async function aCustomer({ addresses = 1, cards = 1 } = {}): Promise<string> {
  const username = `shopper-${randomBytes(4).toString('hex')}`;
  const data = { username, password: 'secret', email: 'x@example.org' };
  await api().post('/register', { data: { ...data, firstName: 'Sam', lastName: 'Shopper' } });
  for (const number of Array.from({ length: addresses }, (_, index) => String(index + 1))) {
    const street = `Street ${number}`;
    const address = { number, street, city: 'Heel', postcode: 'HE1', country: 'Sockland' };
    await api().post('/addresses', { data: address });
  }
  for (const last of Array.from({ length: cards }, (_, index) => String(1111 * (index + 1)))) {
    const card = { longNum: `550012341234${last}`, expires: '08/33', ccv: '123' };
    await api().post('/cards', { data: card });
  }
  return username;
}

export async function inCart(...socks: string[]): Promise<void> {
  for (const id of socks) await api().post('/cart', { data: { id } });
}

export const orders = async () => (await (await api().get('/orders')).json()) as PlacedOrder[];
export const total = async () =>
  ((await (await api().get('/cart/summary')).json()) as { total: number }).total;
export const cart = async () =>
  (await (await api().get('/cart')).json()) as { itemId: string; quantity: number }[];
