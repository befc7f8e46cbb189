import { describe, expect, it } from '@jest/globals';
import { type Answer, CUT, until } from '@sockshop/testing';
import { idOf, onEachStore, SOCK, statuses, SWEEPING } from './instances.ts';
import { hex } from './neighbours.ts';
import { placeOrder } from './running-orders.ts';

const AUTHORISED: Answer = { status: 200, body: { authorised: true } };
const messageOf = async (response: Response) =>
  ((await response.json()) as { message: string }).message;

onEachStore((instances) => {
  const { shop } = instances;

  /** Holds payment's answers until the returned function is called. */
  const holdPayment = (answer = AUTHORISED) => {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    shop.payment.instead = () => promise;
    return () => {
      resolve(answer);
    };
  };

  describe('parallel POST /orders of one cart', () => {
    it.each([
      ['one instance', 1, {}],
      ['two instances', 2, {}],
      ['two instances, each with a key of its own', 2, { keys: true }],
      ['two instances, beside an original carts', 2, { original: true }],
    ])('make one order of each of ten carts, at %s', async (_where, count, how) => {
      const { original = false, keys = false }: { original?: boolean; keys?: boolean } = how;
      const env = { CHECKOUT_WAIT_MS: '20000' };
      const all = [await instances.start(env), ...(count > 1 ? [await instances.start(env)] : [])];
      shop.cartsWithoutTake = original;
      for (let round = 0; round < 10; round += 1) {
        const { id, request } = shop.customer(SOCK, { ...SOCK, itemId: 'sock-b' });
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, index) =>
            placeOrder(all[index % count]!, request, keys ? `${round}-${index}` : undefined),
          ),
        );
        const refused = answers.filter(({ status }) => status !== 201);
        expect(refused.map(({ status }) => status)).toEqual(Array(19).fill(406));
        for (const each of refused) {
          expect(await messageOf(each)).toMatch(
            /^Invalid order request\. (The cart|Another order)/,
          );
        }
        expect(await instances.listed(id)).toBe(1);
        expect(shop.carts.get(id)).toEqual([]);
      }
      expect(shop.payment.received.length).toBe(10);
      expect(shop.shipping.received.length).toBe(10);
    });

    it('are all declined when payment declines; the lines stay in the cart and can be ordered later', async () => {
      const service = await instances.start({ CHECKOUT_WAIT_MS: '20000' });
      const { id, cart, request } = shop.customer({ ...SOCK, unitPrice: 200 });
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => placeOrder(service, request)),
      );
      for (const each of answers) expect(await messageOf(each)).toMatch(/^Payment declined/);
      expect(shop.carts.get(id)).toEqual(cart);
      shop.payment.instead = () => AUTHORISED;
      expect((await placeOrder(service, request)).status).toBe(201);
    });
  });

  it('a sock that is added while its cart is being ordered stays, and the next order has it alone', async () => {
    const service = await instances.start({ CHECKOUT_WAIT_MS: '20000' });
    const { id, cart, request } = shop.customer(SOCK);
    const decide = holdPayment();
    const first = placeOrder(service, request);
    await until(() => shop.payment.received.length === 1);
    const late = { ...SOCK, id: hex(), itemId: 'sock-b' };
    shop.carts.set(id, [...cart, late]);
    const second = placeOrder(service, request);
    decide();
    expect((await first).status).toBe(201);
    const next = (await (await second).json()) as { items: unknown };
    expect(next.items).toEqual([late]);
    expect(shop.carts.get(id)).toEqual([]);
  });

  it('POST /orders answers 409 with retry-after when an earlier order of the cart takes too long', async () => {
    const both = [await instances.start(), await instances.start({ CHECKOUT_WAIT_MS: '50' })];
    const { id, request } = shop.customer(SOCK);
    const decide = holdPayment();
    const first = placeOrder(both[0]!, request);
    await until(() => shop.payment.received.length === 1);
    const second = await placeOrder(both[1]!, request, 'key');
    expect([second.status, second.headers.get('retry-after')]).toEqual([409, '1']);
    expect(await messageOf(second)).toBe('this cart is being ordered; repeat the request later');
    decide();
    expect((await first).status).toBe(201);
    expect(await instances.listed(id)).toBe(1);
  });

  it('POST /orders answers 409 until the lines of a paid order have left the cart', async () => {
    const service = await instances.start({ ...SWEEPING, CHECKOUT_WAIT_MS: '50' });
    const { id, request } = shop.customer(SOCK);
    shop.cart.instead = (call) => (call.method === 'GET' ? shop.cartAnswer(call) : CUT);
    expect((await placeOrder(service, request)).status).toBe(201);
    expect((await placeOrder(service, request)).status).toBe(409);
    shop.cart.instead = undefined;
    await until(async () => (await placeOrder(service, request)).status === 406); // empty
    expect(await instances.listed(id)).toBe(1);
  });

  it('an order that read its cart before another one took it reads the cart again', async () => {
    const [one, other] = [
      await instances.start({ UPSTREAM_TIMEOUT_MS: '30000' }),
      await instances.start(),
    ];
    const { id, request } = shop.customer(SOCK);
    const before = shop.cartAnswer({ method: 'GET', path: `/carts/${id}/items` } as never);
    const read = Promise.withResolvers<Answer>();
    const asked = Promise.withResolvers<undefined>();
    shop.cart.instead = () => {
      shop.cart.instead = undefined;
      asked.resolve(undefined);
      return read.promise;
    };
    const late = placeOrder(one, request);
    await asked.promise;
    const first = await idOf(await placeOrder(other, request));
    read.resolve(before);
    expect((await late).status).toBe(406);
    expect((await instances.store.byCustomer(id, false)).map((order) => order.id)).toEqual([first]);
    expect(shop.payment.received.length).toBe(1);
  });

  it('250 parallel orders of one cart are placed once and refused 249 times, and hardly look into the store', async () => {
    const service = await instances.start({ CHECKOUT_WAIT_MS: '20000' });
    const { id, request } = shop.customer(SOCK);
    service.spans.reset();
    const answers = await Promise.all(
      Array.from({ length: 250 }, () => placeOrder(service, request)),
    );
    const count = (status: number) => answers.filter((each) => each.status === status).length;
    expect([count(201), count(406)]).toEqual([1, 249]);
    expect(await instances.listed(id)).toBe(1);
    expect(shop.payment.received.length).toBe(1);
    const steps = service.spans.getFinishedSpans().filter(({ name }) => name.includes('cart_turn'));
    expect([1, 2, 3]).toContain(steps.length);
  });

  it('an instance that had the last order of a cart notices the orders that another one has had since', async () => {
    const [one, other] = [await instances.start(), await instances.start()];
    const { id, cart, request } = shop.customer(SOCK);
    for (const service of [one, other, one, one, other]) {
      shop.carts.set(id, cart);
      expect((await placeOrder(service, request)).status).toBe(201);
      expect((await placeOrder(service, request)).status).toBe(406);
    }
    shop.carts.set(id, cart);
    const both = await Promise.all([one, other].map((service) => placeOrder(service, request)));
    expect(both.map(({ status }) => status).sort()).toEqual([201, 406]);
    expect(await instances.listed(id)).toBe(6);
    expect((await instances.store.cartTurn(id)).turn).toBe(6);
  });

  it('an order that a process left without its lines is cancelled when another one has had them', async () => {
    const { id, request } = shop.customer(SOCK);
    const left = await instances.stored([], { customerId: id, cartId: id });
    await instances.start().then((service) => placeOrder(service, request));
    await instances.start({ ...SWEEPING, RABBITMQ_URL: 'amqp://127.0.0.1:1' });
    await until(instances.allFinished);
    expect(statuses(await instances.store.byId(left.id))).toEqual(['CREATED', 'CANCELLED']);
    expect(await instances.listed(id)).toBe(1);
  });

  it('an order that a process left with its lines holds them until the sweep has finished it', async () => {
    const { id, request } = shop.customer(SOCK);
    const left = await instances.stored([], { customerId: id, cartId: id });
    expect(await instances.store.takeCartTurn(id, 0, left.id)).toBe(true);
    const service = await instances.start({ CHECKOUT_WAIT_MS: '50' });
    expect((await placeOrder(service, request)).status).toBe(409);
    await instances.start({ ...SWEEPING, RABBITMQ_URL: 'amqp://127.0.0.1:1' });
    await until(instances.allFinished);
    expect(statuses(await instances.store.byId(left.id))).toEqual(['CREATED', 'PAID', 'SHIPPING']);
    expect((await instances.store.byCustomer(id, false)).map((order) => order.id)).toEqual([
      left.id,
    ]);
  });
});
