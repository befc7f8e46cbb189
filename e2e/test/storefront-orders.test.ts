import { expect, it, jest } from '@jest/globals';
import { until } from '@sockshop/testing';
import { randomBytes } from 'node:crypto';
import { inBrowser, page } from './in-browser.ts';
import {
  api,
  aCustomer,
  cart,
  CAT,
  expectProblems,
  FIGUEROA,
  HOLY,
  inCart,
  orderButton,
  orders,
  path,
  PLACED,
  seen,
  texts,
  total,
} from './storefront-window.ts';

jest.setTimeout(90_000);

/** From the cart to the order that is placed. */
inBrowser('the storefront', () => {
  it("shows a quantity at once, saves it after a pause, and shows the server's price", async () => {
    await inCart(CAT);
    await page.goto('/basket.html');
    const update = page.waitForResponse('**/cart/update');
    const outdated = page.locator('#order-summary [aria-busy=true]');
    for (const amount of ['$30.00', '$45.00']) {
      await page.getByLabel('One more Cat socks').click();
      expect(await page.locator('.line-total').textContent()).toBe(amount);
      expect(await outdated.count()).toBe(1);
    }
    expect(await page.locator('#numItemsInCart').textContent()).toBe('3 items in cart');
    expect((await update).request().postDataJSON()).toEqual({ id: CAT, quantity: 3 }); // one call for both
    expect(await cart()).toMatchObject([{ itemId: CAT, quantity: 3 }]);
    await outdated.waitFor({ state: 'detached' });
    expect(await page.locator('#cartTotal').textContent()).toBe('$45.00');
    expect(await page.locator('#orderGrandTotal').textContent()).toBe('$49.99');
  });

  it('saves a quantity even when the shopper leaves the page right after the change', async () => {
    await inCart(CAT);
    await page.goto('/basket.html');
    await page.getByLabel('Quantity of Cat socks').fill('7');
    await page.goto('/');
    await until(cart, ([line]) => line?.quantity === 7);
  });

  it('restores a removed sock', async () => {
    await inCart(CAT, CAT);
    await page.goto('/basket.html');
    await page.getByLabel('Remove Cat socks').click();
    await seen('Your cart is empty.');
    await page.locator('#notices button', { hasText: 'Undo' }).click();
    await seen('2 items in cart');
    expect(await cart()).toMatchObject([{ itemId: CAT, quantity: 2 }]);
  });

  it('leads a guest through login or registration and back into the checkout', async () => {
    await inCart(FIGUEROA);
    await page.goto('/basket.html');
    await orderButton().click();
    await page.waitForURL('**/checkout1.html');
    await seen('You must be logged in to place an order.');
    const name = `guest-${randomBytes(4).toString('hex')}`;
    const form = page.locator('#content form', { hasText: 'Register' });
    await form.locator('[name=username]').fill(name);
    await form.locator('[name=firstName]').fill('Gwen');
    await form.locator('[name=lastName]').fill('Guest');
    await form.locator('[name=email]').fill(`${name}@example.org`);
    await form.locator('[name=password]').fill('secret');
    await form.locator('button').click();

    await seen('No address saved for user.');
    expect(path()).toBe('/checkout1.html');
    await page.locator('#add_shipping').click();
    for (const field of ['number', 'street', 'city', 'post-code', 'country']) {
      await page.locator(`#form-${field}`).fill(`some ${field}`);
    }
    await page.getByText('Save address').click();
    await page.locator('a', { hasText: 'Continue' }).click();
    await page.locator('#add_payment').click();
    await page.locator('#form-card-number').fill('5500 1234 1234 4321');
    await page.locator('#form-expires').fill('08/33');
    await page.locator('#form-ccv').fill('123');
    await page.getByText('Save card').click();
    await page.locator('a', { hasText: 'Continue' }).click();
    await seen('Card ending in 4321');
    await seen('Standard delivery, $4.99');
    await orderButton().click();
    await page.waitForURL(PLACED);
    await seen('Order placed.');
    expect(await orders()).toMatchObject([{ total: 18.99, address: { street: 'some street' } }]);
  });

  it('sends an order to the chosen address, paid with the chosen card', async () => {
    await aCustomer({ addresses: 2, cards: 3 });
    await inCart(FIGUEROA);
    await page.goto('/checkout1.html');
    await page.locator('#address label', { hasText: 'Street 2' }).click();
    await page.goto('/checkout3.html');
    await page.locator('#number label', { hasText: '3333' }).click();
    await page.goto('/checkout4.html');
    await seen('Street 2');
    await seen('Card ending in 3333');
    await orderButton().click();
    await page.waitForURL(PLACED);
    const [order] = await orders();
    expect(order?.address.street).toBe('Street 2');
    expect(order?.card.longNum).toMatch(/3333$/);
  });

  it('deletes a saved address and a saved card', async () => {
    await aCustomer({ addresses: 2 });
    await page.goto('/customer-account.html');
    await page.getByLabel('Delete: 1 Street 1').click();
    await seen('Deleted: 1 Street 1.');
    await page.getByLabel('Delete: Card ending in 1111').click();
    await seen('No credit card saved for user.');
    await page.reload();
    await seen('No credit card saved for user.');
    expect(await texts('#addresses .address')).toEqual([expect.stringContaining('Street 2')]);
  });

  it('deletes by keyboard and keeps the focus nearby', async () => {
    await aCustomer({ addresses: 2 });
    await page.goto('/customer-account.html');
    const second = page.getByRole('button', { name: 'Delete: 2 Street 2' });
    await page.route('**/addresses/*', (route) => route.fulfill({ status: 503, json: {} }));
    await second.press('Enter');
    await page.locator('#notices .alert-danger').waitFor();
    await second.and(page.locator(':focus')).waitFor();
    expectProblems(503);
    await page.unroute('**/addresses/*');
    await second.press('Enter');
    await second.waitFor({ state: 'detached' });
    const list = page.getByRole('list', { name: 'Addresses' });
    await list.and(page.locator(':focus')).waitFor();
    expect(await list.getByRole('listitem').count()).toBe(1);
  });

  it('places one order for a double click', async () => {
    await aCustomer();
    await inCart(FIGUEROA);
    await page.goto('/basket.html');
    await orderButton().dblclick();
    await page.waitForURL(PLACED);
    expect(await orders()).toHaveLength(1);
  });

  it('places one order from two windows that order at once', async () => {
    await aCustomer();
    await inCart(FIGUEROA);
    const second = await page.context().newPage();
    await Promise.all([page.goto('/basket.html'), second.goto('/basket.html')]);
    const buttons = [page, second].map((each) => each.locator('#orderButton:not([disabled])'));
    await Promise.all(buttons.map((button) => button.waitFor()));
    await Promise.all(buttons.map((button) => button.click()));
    await Promise.all([page, second].map((each) => each.waitForURL(PLACED)));
    expect(await orders()).toHaveLength(1);
  });

  it('explains why an order was declined and what to change', async () => {
    await aCustomer();
    await inCart(HOLY);
    const affordable = await total();
    await inCart(FIGUEROA);
    await page.goto('/basket.html');
    await orderButton().click();
    await seen('Error placing order. Payment declined: amount exceeds 105.00');
    await seen(`This order costs $${await total()}, shipping included.`);
    expect(await page.getByText('105.00').count()).toBe(1);
    expect(await page.locator('[role=status] [role=alert]').count()).toBe(0); // it would be read out twice
    expectProblems(406);
    await page.getByLabel('Remove Figueroa').click();
    await orderButton().click(); // without waiting for the pause: the basket is saved first
    await page.waitForURL(PLACED);
    const ordered = { items: [{ itemId: HOLY, quantity: 1 }], total: affordable };
    expect(await orders()).toMatchObject([ordered]);
  });

  it('asks for the login when the session has ended, then continues the order', async () => {
    const username = await aCustomer();
    await inCart(FIGUEROA);
    await page.goto('/checkout4.html');
    await orderButton().waitFor();
    await page.context().clearCookies({ name: 'logged_in' }); // gone an hour after the login
    await orderButton().click();
    await seen('Your session has ended.');
    await page.locator('#login-modal [name=username]').fill(username);
    await page.locator('#login-modal [name=password]').fill('secret');
    await page.locator('#login-modal form button.btn.btn-primary').click();
    await page.waitForURL(PLACED);
    expect(await orders()).toHaveLength(1);
  });

  it('shows each step of an order with its time', async () => {
    await aCustomer();
    await inCart(FIGUEROA);
    const { id } = (await (await api().post('/orders')).json()) as { id: string };
    await page.goto(`/customer-order.html?order=/orders/${id}`);
    await page.locator('#orderStatus', { hasText: 'Shipped' }).waitFor();
    expect(await texts('.order-steps strong')).toEqual(['Created', 'Paid', 'Shipping', 'Shipped']);
    expect(await page.locator('.order-steps [data-step=done] time').count()).toBe(4);
  });
});
