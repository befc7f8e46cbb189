import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { until } from '@sockshop/testing';
import type { ServiceUnderTest } from '@sockshop/service-testing';
import { Neighbours } from './neighbours.ts';
import { placeOrder, startOrders } from './running-orders.ts';

jest.setTimeout(30_000); // many orders on a busy machine

const COLOURFUL = { itemId: '3395a43e-2d88-40de-b95f-e00e1502085b', quantity: 1, unitPrice: 18 };
const AUTHORISED = { status: 200, body: { authorised: true } };

describe('more orders at once than CHECKOUT_LIMIT', () => {
  let shop: Neighbours;
  let service: ServiceUnderTest;
  beforeEach(async () => {
    shop = await new Neighbours().listen();
  });
  afterEach(async () => {
    await service.close();
    await shop.close();
  });
  const start = async (limits: Record<string, string>): Promise<void> => {
    service = await startOrders({ ...shop.env, DATABASE_URL: 'sqlite::memory:', ...limits });
  };
  const metric = async (name: string): Promise<string | undefined> =>
    (await (await service.send('GET', '/metrics')).text())
      .split('\n')
      .find((line) => line.startsWith(name))
      ?.split(' ')[1];
  const atWork = (state: string) =>
    metric(`sockshop_bulkhead_work{bulkhead="checkout",state="${state}"}`);

  it('get 201, no more at a time than the limit', async () => {
    await start({ CHECKOUT_LIMIT: '3', CHECKOUT_WAIT_MS: '30000' }); // none is refused on a busy machine
    const paid = Promise.withResolvers<typeof AUTHORISED>();
    shop.payment.instead = () => paid.promise;
    const orders = Array.from({ length: 30 }, () =>
      placeOrder(service, shop.customer(COLOURFUL).request),
    );
    await until(async () => (await atWork('waiting')) === '27');
    expect(await atWork('running')).toBe('3');
    expect(shop.cart.received.length).toBeLessThanOrEqual(3);
    paid.resolve(AUTHORISED);
    const answers = await Promise.all(orders);
    expect(answers.map(({ status }) => status)).toEqual(Array(30).fill(201));
    expect([await atWork('running'), await atWork('waiting')]).toEqual(['0', '0']);
  });

  it('get 503 with retry-after when the wait is too long, are not stored, and the next order gets 201', async () => {
    await start({ CHECKOUT_LIMIT: '1', CHECKOUT_WAIT_MS: '20' });
    const paid = Promise.withResolvers<typeof AUTHORISED>();
    shop.payment.instead = () => paid.promise;
    const first = placeOrder(service, shop.customer(COLOURFUL).request);
    await until(() => shop.payment.received.length === 1);
    const late = shop.customer(COLOURFUL);
    const refused = await placeOrder(service, late.request, 'key');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await refused.json()).toMatchObject({
      message: 'too many at once: no place for another checkout',
    });
    expect(await metric('sockshop_bulkhead_refused_total{bulkhead="checkout"}')).toBe('1');
    paid.resolve(AUTHORISED);
    expect((await first).status).toBe(201);
    const again = await placeOrder(service, late.request, 'key');
    expect(again.status).toBe(201);
    const all = (await (await service.send('GET', '/orders')).json()) as { page: object };
    expect(all.page).toMatchObject({ totalElements: 2 });
  });

  it('get 503 at once when the service shuts down, while those being placed get 201', async () => {
    await start({ CHECKOUT_LIMIT: '1', CHECKOUT_WAIT_MS: '60000' });
    const paid = Promise.withResolvers<typeof AUTHORISED>();
    shop.payment.instead = () => paid.promise;
    const first = placeOrder(service, shop.customer(COLOURFUL).request);
    await until(() => shop.payment.received.length === 1);
    const second = placeOrder(service, shop.customer(COLOURFUL).request);
    await until(async () => (await atWork('waiting')) === '1');
    const closed = service.close();
    const refused = await second;
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
    paid.resolve(AUTHORISED);
    expect((await first).status).toBe(201);
    await closed;
    expect(shop.payment.received).toHaveLength(1);
    await start({}); // afterEach closes this one
  });
});
