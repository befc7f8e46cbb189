import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '@sockshop/testing';
import { problem, refused, RunningFrontEnd } from './running-front-end.ts';
import { ShopStandIns } from './shop-stand-ins.ts';

describe('more POST /orders at once than CHECKOUT_LIMIT', () => {
  let shop: ShopStandIns;
  let frontEnd: RunningFrontEnd;
  beforeEach(async () => {
    shop = await ShopStandIns.start();
    shop.reset();
  });
  afterEach(async () => {
    await frontEnd.close();
    await shop.close();
  });
  const metrics = async (): Promise<string> =>
    (await (await frontEnd.browser().get('/metrics')).text())
      .split('\n')
      .filter((line) => line.startsWith('sockshop_bulkhead_work'))
      .join('\n');

  it('are all answered 201, so many at a time', async () => {
    frontEnd = await RunningFrontEnd.start({ ...shop.env, CHECKOUT_LIMIT: '3' });
    const eve = await frontEnd.loggedIn();
    const placed = Promise.withResolvers<undefined>();
    shop.ordersServer.instead = () => placed.promise;
    const orders = Array.from({ length: 30 }, () => eve.post('/orders'));
    await until(async () => (await metrics()).includes('state="waiting"} 27'));
    await until(() => shop.ordersServer.received.length === 3);
    placed.resolve(undefined);
    const answers = await Promise.all(orders);
    expect(answers.map(({ status }) => status)).toEqual(Array(30).fill(201));
    expect(await metrics()).toContain('{bulkhead="checkout",state="waiting"} 0');
  });

  it('are answered 503 when the wait is too long, without a word to orders; guests at once 401', async () => {
    const limits = { CHECKOUT_LIMIT: '1', CHECKOUT_WAIT_MS: '20' };
    frontEnd = await RunningFrontEnd.start({ ...shop.env, ...limits });
    const eve = await frontEnd.loggedIn();
    const arrived = Promise.withResolvers<undefined>();
    const placed = Promise.withResolvers<undefined>();
    shop.ordersServer.instead = () => {
      arrived.resolve(undefined);
      return placed.promise;
    };
    const first = eve.post('/orders');
    await arrived.promise;
    const second = await eve.post('/orders');
    expect(second.headers.get('retry-after')).toBe('2');
    expect(await problem(second)).toEqual(
      refused(503, 'too many at once: no place for another checkout'),
    );
    expect((await frontEnd.browser().post('/orders')).status).toBe(401);
    expect(shop.ordersServer.received).toHaveLength(1);
    placed.resolve(undefined);
    expect((await first).status).toBe(201);
    expect((await eve.post('/orders')).status).toBe(201);
  });

  it('are answered 503 at once when the front-end shuts down; those under way get their 201', async () => {
    const limits = { CHECKOUT_LIMIT: '1', CHECKOUT_WAIT_MS: '60000' };
    frontEnd = await RunningFrontEnd.start({ ...shop.env, ...limits });
    const eve = await frontEnd.loggedIn();
    const placed = Promise.withResolvers<undefined>();
    shop.ordersServer.instead = () => placed.promise;
    const first = eve.post('/orders');
    await until(() => shop.ordersServer.received.length === 1);
    const second = eve.post('/orders');
    await until(async () => (await metrics()).includes('state="waiting"} 1'));
    const closed = frontEnd.close();
    const late = await second;
    expect([late.status, late.headers.get('retry-after')]).toEqual([503, '2']);
    placed.resolve(undefined);
    expect((await first).status).toBe(201);
    await closed;
    frontEnd = await RunningFrontEnd.start(shop.env); // afterEach closes this one
  });
});
