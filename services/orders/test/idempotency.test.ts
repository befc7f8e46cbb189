import { describe, expect, it } from '@jest/globals';
import { type Answer, CUT, until } from '@sockshop/testing';
import { idOf, onEachStore, SOCK } from './instances.ts';
import { hex } from './neighbours.ts';
import { placeOrder } from './running-orders.ts';

onEachStore((instances) => {
  const { shop } = instances;

  describe('POST /orders with an idempotency key', () => {
    it('answers a repeat with the first 201 when the cart is empty by then', async () => {
      const service = await instances.start();
      const { id, request } = shop.customer(SOCK);
      const first = await placeOrder(service, request, 'key');
      expect(first.status).toBe(201);
      expect(shop.carts.get(id)).toEqual([]);
      const repeat = await placeOrder(service, request, 'key');
      expect(repeat.status).toBe(201);
      expect(await repeat.json()).toEqual(await first.json());
      expect(shop.payment.received.length).toBe(1);
      expect(shop.shipping.received.length).toBe(1);
    });

    it('makes one order of 20 parallel repeats at two instances', async () => {
      const both = [await instances.start(), await instances.start()];
      const { id, request } = shop.customer(SOCK);
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => placeOrder(both[index % 2]!, request, 'key')),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(201));
      expect(new Set(await Promise.all(answers.map(idOf))).size).toBe(1);
      expect(shop.payment.received.length).toBe(1);
      expect(shop.shipping.received.length).toBe(1);
      expect(await instances.listed(id)).toBe(1);
    });

    it('answers 201 with the first order when the cart was read after the first one had emptied it', async () => {
      const patient = { UPSTREAM_TIMEOUT_MS: '30000' }; // its cart is read while the other one places the order
      const [one, other] = [await instances.start(patient), await instances.start()];
      const { id, request } = shop.customer(SOCK);
      let late = Promise.resolve(new Response());
      let read: () => void = () => undefined;
      const mayRead = new Promise<void>((resolve) => (read = resolve));
      const waiting = new Promise<void>((isWaiting) => {
        shop.cart.instead = async (call): Promise<Answer> => {
          shop.cart.instead = undefined;
          isWaiting();
          await mayRead;
          return shop.cartAnswer(call);
        };
        late = placeOrder(one, request, 'key');
      });
      await waiting;
      const first = await idOf(await placeOrder(other, request, 'key'));
      expect(shop.carts.get(id)).toEqual([]);
      read();
      const repeat = await late;
      expect(repeat.status).toBe(201);
      expect(await idOf(repeat)).toBe(first);
    });

    it('answers 201 with the first order while its lines are still in the cart, or carts is unavailable', async () => {
      const service = await instances.start();
      const { request } = shop.customer(SOCK);
      shop.cart.instead = (call) =>
        call.method === 'GET' ? shop.cartAnswer(call) : { status: 503 };
      const first = await idOf(await placeOrder(service, request, 'key'));
      expect(await idOf(await placeOrder(service, request, 'key'))).toBe(first);
      shop.cart.instead = () => CUT;
      expect(await idOf(await placeOrder(service, request, 'key'))).toBe(first);
    });

    it('answers 422 to the same key with another basket', async () => {
      const service = await instances.start();
      const { id, request } = shop.customer(SOCK);
      await placeOrder(service, request, 'key');
      const other = shop.customer(SOCK).request.items;
      expect((await placeOrder(service, { ...request, items: other }, 'key')).status).toBe(422);
      const empty = shop.customer().request.items;
      expect((await placeOrder(service, { ...request, items: empty }, 'key')).status).toBe(422);
      shop.carts.set(id, [{ id: hex(), ...SOCK }]);
      const response = await placeOrder(service, request, 'key');
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({
        message: 'this idempotency key was used for another basket; send a new key',
      });
      expect((await placeOrder(service, request, 'another key')).status).toBe(201);
      expect(await instances.listed(id)).toBe(2);
    });

    it('answers 422 to the same key when a line in the cart has more pieces than were ordered', async () => {
      const service = await instances.start();
      const { id, cart, request } = shop.customer(SOCK);
      const lines = cart.map((line) => ({ ...line, quantity: line.quantity + 1 }));
      expect((await placeOrder(service, request, 'key')).status).toBe(201);
      shop.carts.set(id, lines);
      expect((await placeOrder(service, request, 'key')).status).toBe(422);
      expect(await instances.listed(id)).toBe(1);
    });

    it('keeps the keys of customers apart', async () => {
      const service = await instances.start();
      const customers = [shop.customer(SOCK), shop.customer(SOCK)];
      const answers = await Promise.all(
        customers.map(({ request }) => placeOrder(service, request, 'key')),
      );
      expect(answers.map(({ status }) => status)).toEqual([201, 201]);
      expect(new Set(await Promise.all(answers.map(idOf))).size).toBe(2);
      for (const { id } of customers) expect(await instances.listed(id)).toBe(1);
    });

    it('does not remember a 406 or 503: the key can be used again', async () => {
      const service = await instances.start();
      const { id, request } = shop.customer({ ...SOCK, unitPrice: 200 });
      expect((await placeOrder(service, request, 'key')).status).toBe(406);
      shop.carts.set(id, [{ id: hex(), ...SOCK }]);
      shop.payment.instead = () => CUT;
      expect((await placeOrder(service, request, 'key')).status).toBe(503);
      shop.payment.instead = undefined;
      expect((await placeOrder(service, request, 'key')).status).toBe(201);
      expect(await instances.listed(id)).toBe(1);
    });

    it('answers 409 with retry-after to a parallel repeat past its deadline', async () => {
      const service = await instances.start({ REPEAT_WAIT_MS: '100' });
      const { request } = shop.customer(SOCK);
      let decide: () => void = () => undefined;
      shop.payment.instead = () =>
        new Promise((resolve) => {
          decide = () => {
            resolve({ status: 200, body: { authorised: true } });
          };
        });
      const first = placeOrder(service, request, 'key');
      await until(() => shop.payment.received.length === 1);
      const repeat = await placeOrder(service, request, 'key');
      expect(repeat.status).toBe(409);
      expect(repeat.headers.get('retry-after')).toBe('1');
      expect(await repeat.json()).toMatchObject({
        message: 'an order with this idempotency key is being placed; repeat the request later',
      });
      decide();
      expect((await first).status).toBe(201);
      expect(await idOf(await placeOrder(service, request, 'key'))).toBe(await idOf(await first));
    });
  });
});
