import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Shop } from './shop.ts';
import { notOk, shopUntil, someOptions } from './shoppers.ts';

jest.setTimeout(60_000); // for a busy machine

describe('a shopper', () => {
  let shop: Shop;
  beforeEach(async () => {
    shop = new Shop();
    await shop.start();
  });
  afterEach(() => shop.stop());

  it('makes the nine requests of a round in their order', async () => {
    const options = someOptions(shop, '--shoppers', '1', '--shared-user');
    await shopUntil(options, ({ ordersPlaced }) => ordersPlaced >= 2);
    expect(shop.accessLog.slice(0, 18).map(({ request }) => request)).toEqual(
      Array<string[]>(2)
        .fill([
          'GET /catalogue',
          'GET /',
          'GET /login',
          'GET /category.html',
          'GET /detail.html',
          'DELETE /cart',
          'POST /cart',
          'GET /basket.html',
          'POST /orders',
        ])
        .flat(),
    );
    expect(shop.accessLog.slice(0, 4).map(({ customer }) => customer)).toEqual([
      'guest',
      'guest',
      'guest',
      'user',
    ]);
    expect(new Set(shop.accessLog.map(({ agent }) => agent))).toEqual(
      new Set(['sock-shop-loadtest/1.0 (synthetic shoppers)']),
    );
  });

  it('counts by routes without ids, and reports each acknowledged order', async () => {
    const options = someOptions(shop, '--shoppers', '3');
    const summary = await shopUntil(options, ({ ordersPlaced }) => ordersPlaced >= 30);
    expect(notOk(summary)).toEqual({});
    expect(summary.errors).toBe(0);
    expect(summary.routes.map(({ route, status }) => `${route} ${status}`)).toEqual([
      'DELETE /cart 202',
      'GET / 200',
      'GET /basket.html 200',
      'GET /catalogue 200',
      'GET /category.html 200',
      'GET /detail.html 200',
      'GET /login 200',
      'POST /addresses 200',
      'POST /cards 200',
      'POST /cart 201',
      'POST /orders 201',
      'POST /register 200',
    ]);
    expect(summary.requests.count).toBe(shop.accessLog.length);
    expect(summary.ordersPlaced).toBe(shop.orders.length);
    expect(
      summary.orders.map(({ id, username, idempotencyKey, total }) => {
        return { id, customer: username, key: idempotencyKey, total };
      }),
    ).toEqual(shop.orders);
  });

  it('has an account of its own, and leaves the demo customer and its cart as they are', async () => {
    const { cart } = shop.customers.get('user')!;
    cart.set('cat', 2);
    const options = someOptions(shop, '--shoppers', '3');
    const ordered = () => new Set(shop.orders.map(({ customer }) => customer));
    const { orders } = await shopUntil(options, () => ordered().size === 3);
    const names = [...ordered()].sort();
    expect(names).toEqual([
      expect.stringMatching(/^load-[0-9a-f]{8}-1$/),
      expect.stringMatching(/^load-[0-9a-f]{8}-2$/),
      expect.stringMatching(/^load-[0-9a-f]{8}-3$/),
    ]);
    expect([...shop.customers.keys()].sort()).toEqual([...names, 'user']);
    for (const { shopper, username } of orders) expect(username).toBe(names[shopper - 1]);
    expect(shop.accessLog.map(({ customer }) => customer)).not.toContain('user');
    expect([...cart]).toEqual([['cat', 2]]);
  });

  it('shares the cart of the demo customer when asked to, and the conflicts are no errors', async () => {
    const options = someOptions(shop, '--shoppers', '8', '--shared-user', '--rich', '0.3');
    const summary = await shopUntil(options, ({ ordersPlaced, ordersWithoutCart }) => {
      return ordersPlaced >= 30 && ordersWithoutCart >= 1;
    });
    expect([...shop.customers.keys()]).toEqual(['user']);
    expect(summary.errors).toBe(0);
    expect(notOk(summary)['POST /orders 406 business']).toBe(
      summary.ordersDeclined + summary.ordersWithoutCart,
    );
  });

  it('makes some rich visits; their declined payments are no errors', async () => {
    const options = someOptions(shop, '--shoppers', '2', '--rich', '1');
    const summary = await shopUntil(options, ({ ordersPlaced, ordersDeclined }) => {
      return ordersPlaced >= 5 && ordersDeclined >= 5;
    });
    expect(summary.errors).toBe(0);
    expect(notOk(summary)).toEqual({ 'POST /orders 406 business': summary.ordersDeclined });
    const routes = new Set(summary.routes.map(({ route }) => route));
    for (const route of [
      'GET /tags',
      'GET /catalogue/{id}',
      'POST /cart/update',
      'GET /cart',
      'DELETE /cart/{id}',
      'GET /orders',
      'GET /orders/{id}',
    ]) {
      expect(routes).toContain(route);
    }
  });

  it('chooses the same socks again under the same seed', async () => {
    const firstTotals = async () => {
      const options = someOptions(shop, '--shoppers', '1', '--seed', '7');
      const summary = await shopUntil(options, ({ ordersPlaced }) => ordersPlaced >= 12);
      return summary.orders.slice(0, 12).map(({ total }) => total);
    };
    const totals = await firstTotals();
    expect(new Set(totals).size).toBeGreaterThan(1);
    expect(await firstTotals()).toEqual(totals);
  });

  it('counts an empty cart of its own account as an error', async () => {
    const customers = () => [...shop.customers].filter(([name]) => name !== 'user');
    const options = someOptions(shop, '--shoppers', '2');
    const summary = await shopUntil(options, ({ errors }) => {
      for (const [, { cart }] of customers()) cart.clear();
      return errors > 0;
    });
    expect(notOk(summary)).toEqual({ 'POST /orders 406 error': summary.errors });
  });
});
