import { describe, expect, it } from '@jest/globals';
import { CUT, HANG, until } from '@sockshop/testing';
import type { NewOrder } from '../src/order-store.ts';
import type { Order } from '../src/order.ts';
import {
  BROKER_UNAVAILABLE,
  onEachStore,
  orderIdOf,
  PLACED,
  SOCK,
  statuses,
  SWEEPING,
} from './instances.ts';
import { placeOrder } from './running-orders.ts';

const isPost = ({ method }: { method: string }): boolean => method === 'POST';

onEachStore((instances) => {
  const { shop } = instances;

  describe('POST /orders while payment', () => {
    /** The order of the only request so far. */
    const order = () => instances.store.byId(orderIdOf(shop.payment.received[0]!));

    it.each([
      ['cannot be reached', () => CUT],
      ['does not answer in time', () => HANG],
    ])('%s answers 503 and cancels the order, which is in no list', async (_what, fault) => {
      const service = await instances.start(SWEEPING);
      const { id, cart, request } = shop.customer(SOCK);
      shop.payment.instead = fault;
      const response = await placeOrder(service, request);
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('1');
      expect(statuses(await order())).toEqual(['CREATED', 'CANCELLED']);
      expect(await instances.listed(id)).toBe(0);
      expect(await instances.allFinished()).toBe(true);
      expect(shop.carts.get(id)).toEqual(cart);
    });

    it.each([
      ['fails', { status: 500 }],
      ['declines', { status: 200, body: { authorised: false } }],
    ])(
      '%s answers 201 when another instance has paid the order meanwhile',
      async (_what, answer) => {
        const service = await instances.start({ ...SWEEPING, ...BROKER_UNAVAILABLE });
        shop.payment.instead = async (call) => {
          await instances.store.advance(orderIdOf(call), 'PAID', new Date());
          return answer;
        };
        const response = await placeOrder(service, shop.customer(SOCK).request);
        expect(response.status).toBe(201);
        await until(instances.allFinished);
        expect(statuses(await order())).toEqual(PLACED);
      },
    );

    it.each([
      ['cancelled', (id: string) => instances.store.advance(id, 'CANCELLED', new Date())],
      ['deleted', (id: string) => instances.store.delete(id)],
    ])(
      'decides answers 503 and ships nothing when the order is %s meanwhile',
      async (_what, end) => {
        const service = await instances.start();
        shop.payment.instead = async (call) => {
          await end(orderIdOf(call));
          return { status: 200, body: { authorised: true } };
        };
        const response = await placeOrder(service, shop.customer(SOCK).request);
        expect(response.status).toBe(503);
        expect(await response.json()).toMatchObject({
          message: 'the order was given up meanwhile',
        });
        expect(shop.shipping.received).toEqual([]);
      },
    );
  });

  it.each([
    ['cannot be reached', () => CUT],
    ['answers 503', () => ({ status: 503 })],
  ])(
    'POST /orders answers 201 while shipping %s; the shipment is sent again later',
    async (_what, fault) => {
      const service = await instances.start({ ...SWEEPING, ...BROKER_UNAVAILABLE });
      const { id, request } = shop.customer(SOCK);
      shop.shipping.instead = fault;
      const response = await placeOrder(service, request);
      expect(response.status).toBe(201);
      const placed = (await response.json()) as Order;
      expect(placed.status).toBe('PAID');
      await until(() => shop.shipping.received.filter(isPost).length > 1); // and fails again
      shop.shipping.instead = undefined;
      await until(instances.allFinished);
      expect(statuses(await instances.store.byId(placed.id))).toEqual(PLACED);
      const sent = shop.shipping.received.filter(isPost);
      for (const { body } of sent) expect(body).toEqual(placed.shipment);
      expect(shop.payment.received.length).toBe(1);
      expect(shop.cart.received.filter(({ path }) => path.endsWith('/take')).length).toBe(1);
      expect(shop.carts.get(id)).toEqual([]);
    },
  );

  it.each([
    ['cannot be reached', true],
    ['cannot delete a line', false],
  ])(
    'POST /orders answers 201 while carts %s; the lines are taken later, shipping is asked once',
    async (_what, unreachable) => {
      const service = await instances.start({ ...SWEEPING, ...BROKER_UNAVAILABLE });
      const { id, cart, request } = shop.customer(SOCK);
      shop.cartsWithoutTake = !unreachable;
      shop.cart.instead = (call) => {
        if (call.method === 'GET') return shop.cartAnswer(call);
        return { status: call.method === 'POST' && !unreachable ? 404 : 503 };
      };
      const response = await placeOrder(service, request);
      expect(response.status).toBe(201);
      expect(await response.json()).toMatchObject({ status: 'SHIPPING' });
      expect(shop.carts.get(id)).toEqual(cart);
      const asked = shop.cart.received.length;
      await until(() => shop.cart.received.length > asked); // and fails again
      shop.cart.instead = undefined;
      await until(instances.allFinished);
      expect(shop.carts.get(id)).toEqual([]);
      expect(shop.shipping.received.length).toBe(1);
    },
  );

  it("POST /orders answers 201 with SHIPPED when the event is faster than shipping's response", async () => {
    const service = await instances.start();
    shop.shipping.instead = async ({ body }) => {
      const order = await instances.store.byShipment((body as { id: string }).id); // as orders sends it
      await instances.store.advance(order!.id, 'SHIPPED', new Date());
      return { status: 201, body };
    };
    const response = await placeOrder(service, shop.customer(SOCK).request);
    expect(response.status).toBe(201);
    const order = (await response.json()) as Order;
    expect(statuses(order)).toEqual(['CREATED', 'PAID', 'SHIPPED']);
    expect(await instances.allFinished()).toBe(true);
  });

  it('finishes every order that a stopped process did not finish, each step once', async () => {
    await instances.stop(await instances.start());
    const orders = {
      created: await instances.stored([]),
      tooDear: await instances.stored([], { total: 106 }),
      paid: await instances.stored(['PAID']),
      taken: await instances.stored(['PAID']),
      shipping: await instances.stored(['PAID', 'SHIPPING']),
      shipped: await instances.stored(['PAID', 'SHIPPED']),
      declined: await instances.stored(['PAYMENT_FAILED']),
      cancelled: await instances.stored(['CANCELLED']),
    };
    await instances.store.markDone(orders.taken.id, { cartTaken: true, shipmentSent: false });
    const service = await instances.start({ ...SWEEPING, ...BROKER_UNAVAILABLE });
    await until(instances.allFinished);
    const found = Object.entries(orders).map(async ([what, { id }]) => {
      const order = await instances.store.byId(id);
      return [what, { history: statuses(order), cartTaken: order?.cartTaken }] as const;
    });
    expect(Object.fromEntries(await Promise.all(found))).toEqual({
      created: { history: PLACED, cartTaken: true },
      tooDear: { history: ['CREATED', 'PAYMENT_FAILED'], cartTaken: false },
      paid: { history: PLACED, cartTaken: true },
      taken: { history: PLACED, cartTaken: true },
      shipping: { history: PLACED, cartTaken: true },
      shipped: { history: ['CREATED', 'PAID', 'SHIPPED'], cartTaken: true },
      declined: { history: ['CREATED', 'PAYMENT_FAILED'], cartTaken: false },
      cancelled: { history: ['CREATED', 'CANCELLED'], cartTaken: false },
    });
    const { created, tooDear, paid, taken, shipping, shipped } = orders;
    const ids = (...some: NewOrder[]) => some.map(({ id }) => id).sort();
    expect(shop.payment.received.map(orderIdOf).sort()).toEqual(ids(created, tooDear));
    const sent = shop.shipping.received.map(({ body }) => (body as { id: string }).id);
    expect(sent.sort()).toEqual([created, paid, taken].map((each) => each.shipment.id).sort());
    const emptied = shop.cart.received.map(({ body }) => (body as { orderId: string }).orderId);
    expect(emptied.sort()).toEqual(ids(created, paid, shipping, shipped));
    const spans = service.spans.getFinishedSpans();
    const roots = spans.filter((span) => !span.parentSpanContext);
    expect(new Set(roots.map((span) => span.name))).toEqual(new Set(['recover orders']));
    const recovered = spans.filter((span) => span.name === 'recover order');
    const parents = recovered.map((span) => span.parentSpanContext?.spanId);
    expect(new Set(parents)).toEqual(new Set(roots.map((span) => span.spanContext().spanId)));
    expect(recovered.map((span) => span.attributes['sockshop.order.id']).sort()).toEqual(
      ids(created, tooDear, paid, taken, shipping, shipped),
    );
  });

  it('leaves an order SHIPPING, sent once, when no event says that it was shipped', async () => {
    // An original queue-master sends nothing back.
    const service = await instances.start({ ...SWEEPING, ...BROKER_UNAVAILABLE });
    const waiting = (await (
      await placeOrder(service, shop.customer(SOCK).request)
    ).json()) as Order;
    shop.shipping.instead = () => ({ status: 503 });
    const later = (await (await placeOrder(service, shop.customer(SOCK).request)).json()) as Order;
    shop.shipping.instead = undefined;
    // By a sweep. The first order has been unchanged for longer.
    await until(async () => (await instances.store.byId(later.id))?.status === 'SHIPPING');
    const sent = shop.shipping.received.filter(
      ({ body }) => (body as { id: string }).id === waiting.shipment.id, // as orders sends it
    );
    expect(sent).toHaveLength(1);
    expect(statuses(await instances.store.byId(waiting.id))).toEqual(PLACED);
    expect(await instances.allFinished()).toBe(true);
  });

  it('takes each step once when two instances sweep the same orders continuously', async () => {
    let first: (() => void) | undefined;
    shop.payment.instead = async () => {
      // Answers when both instances have asked: the only order is in both.
      if (first) {
        first();
        first = undefined;
      } else await new Promise<void>((resolve) => (first = resolve));
      return { status: 200, body: { authorised: true } };
    };
    const greedy = { SWEEP_INTERVAL_MS: '3', SWEEP_AFTER_MS: '1', ...BROKER_UNAVAILABLE };
    await Promise.all([instances.start(greedy), instances.start(greedy)]);
    for (let count = 0; count < 10; count += 1) {
      const { id, shipment } = await instances.stored([]);
      await until(instances.allFinished);
      expect(statuses(await instances.store.byId(id))).toEqual(PLACED);
      expect(shop.shipping.received.map(({ body }) => body)).toContainEqual(shipment);
    }
  });
});
