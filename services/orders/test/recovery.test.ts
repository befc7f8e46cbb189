import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { MessageBus } from '@sockshop/messaging';
import {
  SHIPMENT_EVENTS_QUEUE,
  SHIPMENT_EVENTS_TOPOLOGY,
  SHIPMENT_SHIPPED,
} from '@sockshop/queues';
import { Telemetry } from '@sockshop/telemetry';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceUnderTest } from '@sockshop/service-testing';
import { type Answer, CUT, HANG, type Received, until } from '@sockshop/testing';
import { rabbitmq } from '@sockshop/testing/real-servers';
import type { Order } from '../src/order.ts';
import type { NextStatus, OrderStatus } from '../src/order-status.ts';
import type { NewOrder, OrderStore } from '../src/order-store.ts';
import { hex, Neighbours } from './neighbours.ts';
import { placeOrder, startOrders } from './running-orders.ts';
import { ADAPTERS, anOrder, openStore } from './stores.ts';

jest.setTimeout(30_000);

const SOCK = { itemId: 'sock-a', quantity: 1, unitPrice: 18 };
/** Sweeps often; takes orders that have not changed for a second. */
const SWEEPING = { SWEEP_INTERVAL_MS: '20', SWEEP_AFTER_MS: '1000', UPSTREAM_TIMEOUT_MS: '500' };
/** An unavailable broker outside this process, so no shipment that was sent is sent again. */
const BROKER_UNAVAILABLE = { RABBITMQ_URL: 'amqp://127.0.0.1:1' };
const PLACED: OrderStatus[] = ['CREATED', 'PAID', 'SHIPPING'];

const idOf = async (response: Response) => ((await response.json()) as { id: string }).id;
const statuses = (order: Order | undefined) => order?.history.map(({ status }) => status);
const orderIdOf = ({ headers }: Received) => String(headers['idempotency-key']);

for (const { name, suite, url } of ADAPTERS) {
  suite(`orders on ${name}`, () => {
    const shop = new Neighbours();
    const running: ServiceUnderTest[] = [];
    let databaseUrl: string;
    let store: OrderStore;

    beforeAll(() => shop.listen());
    afterAll(() => shop.close());
    beforeEach(async () => {
      shop.reset();
      databaseUrl = url();
      store = await openStore(databaseUrl, await Telemetry.start('test'));
    });
    afterEach(async () => {
      for (const service of running.splice(0)) await service.close();
      await store.close();
    });

    /** Another instance on the store of this test. */
    const start = async (env: Record<string, string> = {}): Promise<ServiceUnderTest> => {
      const service = await startOrders({ ...shop.env, DATABASE_URL: databaseUrl, ...env });
      running.push(service);
      return service;
    };
    const stop = async (service: ServiceUnderTest): Promise<void> => {
      running.splice(running.indexOf(service), 1);
      await service.close();
    };
    /** A stored order that took these steps. */
    const stored = async (
      steps: NextStatus[],
      changes: Partial<NewOrder> = {},
    ): Promise<NewOrder> => {
      const order = anOrder(changes);
      await store.insert(order, undefined);
      for (const step of steps) await store.advance(order.id, step, new Date());
      return order;
    };
    const allFinished = async (): Promise<boolean> =>
      (await store.unfinished(new Date(Date.now() + 60_000), 1)).length === 0;
    const listed = async (customerId: string) => (await store.byCustomer(customerId, false)).length;

    describe('POST /orders with an idempotency key', () => {
      it('answers a repeat with the first 201 when the cart is empty by then', async () => {
        const service = await start();
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
        const instances = [await start(), await start()];
        const { id, request } = shop.customer(SOCK);
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, index) =>
            placeOrder(instances[index % 2]!, request, 'key'),
          ),
        );
        expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(201));
        expect(new Set(await Promise.all(answers.map(idOf))).size).toBe(1);
        expect(shop.payment.received.length).toBe(1);
        expect(shop.shipping.received.length).toBe(1);
        expect(await listed(id)).toBe(1);
      });

      it('answers 201 with the first order when the cart was read after the first one had emptied it', async () => {
        const [one, other] = [await start(), await start()];
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
        const service = await start();
        const { request } = shop.customer(SOCK);
        shop.cart.instead = (call) =>
          call.method === 'GET' ? shop.cartAnswer(call) : { status: 503 };
        const first = await idOf(await placeOrder(service, request, 'key'));
        expect(await idOf(await placeOrder(service, request, 'key'))).toBe(first);
        shop.cart.instead = () => CUT;
        expect(await idOf(await placeOrder(service, request, 'key'))).toBe(first);
      });

      it('answers 422 to the same key with another basket', async () => {
        const service = await start();
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
          message: 'this idempotency key was used for another basket',
        });
        expect((await placeOrder(service, request, 'another key')).status).toBe(201);
        expect(await listed(id)).toBe(2);
      });

      it('answers 422 to the same key when a line in the cart has more pieces than were ordered', async () => {
        const service = await start();
        const { id, cart, request } = shop.customer(SOCK);
        const lines = cart.map((line) => ({ ...line, quantity: line.quantity + 1 }));
        expect((await placeOrder(service, request, 'key')).status).toBe(201);
        shop.carts.set(id, lines);
        expect((await placeOrder(service, request, 'key')).status).toBe(422);
        expect(await listed(id)).toBe(1);
      });

      it('keeps the keys of customers apart', async () => {
        const service = await start();
        const customers = [shop.customer(SOCK), shop.customer(SOCK)];
        const answers = await Promise.all(
          customers.map(({ request }) => placeOrder(service, request, 'key')),
        );
        expect(answers.map(({ status }) => status)).toEqual([201, 201]);
        expect(new Set(await Promise.all(answers.map(idOf))).size).toBe(2);
        for (const { id } of customers) expect(await listed(id)).toBe(1);
      });

      it('does not remember a 406 or 503: the key can be used again', async () => {
        const service = await start();
        const { id, request } = shop.customer({ ...SOCK, unitPrice: 200 });
        expect((await placeOrder(service, request, 'key')).status).toBe(406);
        shop.carts.set(id, [{ id: hex(), ...SOCK }]);
        shop.payment.instead = () => CUT;
        expect((await placeOrder(service, request, 'key')).status).toBe(503);
        shop.payment.instead = undefined;
        expect((await placeOrder(service, request, 'key')).status).toBe(201);
        expect(await listed(id)).toBe(1);
      });

      it('answers 409 with retry-after to a parallel repeat past its deadline', async () => {
        const service = await start({ REPEAT_WAIT_MS: '100' });
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
          message: 'an order with this idempotency key is being placed',
        });
        decide();
        expect((await first).status).toBe(201);
        expect(await idOf(await placeOrder(service, request, 'key'))).toBe(await idOf(await first));
      });
    });

    describe('POST /orders while payment', () => {
      /** The order of the only request so far. */
      const order = () => store.byId(orderIdOf(shop.payment.received[0]!));

      it.each([
        ['cannot be reached', () => CUT],
        ['does not answer in time', () => HANG],
      ])('%s answers 503 and cancels the order, which is in no list', async (_what, fault) => {
        const service = await start(SWEEPING);
        const { id, cart, request } = shop.customer(SOCK);
        shop.payment.instead = fault;
        const response = await placeOrder(service, request);
        expect(response.status).toBe(503);
        expect(response.headers.get('retry-after')).toBe('1');
        expect(statuses(await order())).toEqual(['CREATED', 'CANCELLED']);
        expect(await listed(id)).toBe(0);
        expect(await allFinished()).toBe(true);
        expect(shop.carts.get(id)).toEqual(cart);
      });

      it.each([
        ['fails', { status: 500 }],
        ['declines', { status: 200, body: { authorised: false } }],
      ])(
        '%s answers 201 when another instance has paid the order meanwhile',
        async (_what, answer) => {
          const service = await start({ ...SWEEPING, ...BROKER_UNAVAILABLE });
          shop.payment.instead = async (call) => {
            await store.advance(orderIdOf(call), 'PAID', new Date());
            return answer;
          };
          const response = await placeOrder(service, shop.customer(SOCK).request);
          expect(response.status).toBe(201);
          await until(allFinished);
          expect(statuses(await order())).toEqual(PLACED);
        },
      );

      it.each([
        ['cancelled', (id: string) => store.advance(id, 'CANCELLED', new Date())],
        ['deleted', (id: string) => store.delete(id)],
      ])(
        'decides answers 503 and ships nothing when the order is %s meanwhile',
        async (_what, end) => {
          const service = await start();
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
        const service = await start({ ...SWEEPING, ...BROKER_UNAVAILABLE });
        const { id, request } = shop.customer(SOCK);
        shop.shipping.instead = fault;
        const response = await placeOrder(service, request);
        expect(response.status).toBe(201);
        const placed = (await response.json()) as Order;
        expect(placed.status).toBe('PAID');
        await until(() => shop.shipping.received.length > 1); // and fails again
        shop.shipping.instead = undefined;
        await until(allFinished);
        expect(statuses(await store.byId(placed.id))).toEqual(PLACED);
        for (const { body } of shop.shipping.received) expect(body).toEqual(placed.shipment);
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
      async (_what, away) => {
        const service = await start({ ...SWEEPING, ...BROKER_UNAVAILABLE });
        const { id, cart, request } = shop.customer(SOCK);
        shop.cartsWithoutTake = !away;
        shop.cart.instead = (call) => {
          if (call.method === 'GET') return shop.cartAnswer(call);
          return { status: call.method === 'POST' && !away ? 404 : 503 };
        };
        const response = await placeOrder(service, request);
        expect(response.status).toBe(201);
        expect(await response.json()).toMatchObject({ status: 'SHIPPING' });
        expect(shop.carts.get(id)).toEqual(cart);
        const asked = shop.cart.received.length;
        await until(() => shop.cart.received.length > asked); // and fails again
        shop.cart.instead = undefined;
        await until(allFinished);
        expect(shop.carts.get(id)).toEqual([]);
        expect(shop.shipping.received.length).toBe(1);
      },
    );

    it('POST /orders answers 201 with SHIPPED when the event is faster than the response of shipping', async () => {
      const service = await start();
      shop.shipping.instead = async ({ body }) => {
        const order = await store.byShipment((body as { id: string }).id); // as orders sends it
        await store.advance(order!.id, 'SHIPPED', new Date());
        return { status: 201, body };
      };
      const response = await placeOrder(service, shop.customer(SOCK).request);
      expect(response.status).toBe(201);
      const order = (await response.json()) as Order;
      expect(statuses(order)).toEqual(['CREATED', 'PAID', 'SHIPPED']);
      expect(await allFinished()).toBe(true);
    });

    it('finishes every order that a stopped process did not finish, each step once', async () => {
      await stop(await start());
      const orders = {
        created: await stored([]),
        tooDear: await stored([], { total: 106 }),
        paid: await stored(['PAID']),
        taken: await stored(['PAID']),
        shipping: await stored(['PAID', 'SHIPPING']),
        shipped: await stored(['PAID', 'SHIPPED']),
        declined: await stored(['PAYMENT_FAILED']),
        cancelled: await stored(['CANCELLED']),
      };
      await store.markDone(orders.taken.id, { cartTaken: true, shipmentSent: false });
      const service = await start({ ...SWEEPING, ...BROKER_UNAVAILABLE });
      await until(allFinished);
      const found = Object.entries(orders).map(async ([what, { id }]) => {
        const order = await store.byId(id);
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
      const roots = service.spans.getFinishedSpans().filter((span) => !span.parentSpanContext);
      expect(roots.map((span) => span.name)).toEqual(Array(6).fill('recover order'));
      expect(roots.map((span) => span.attributes['sockshop.order.id']).sort()).toEqual(
        ids(created, tooDear, paid, taken, shipping, shipped),
      );
    });

    it('leaves an order SHIPPING, sent once, when no event says that it was shipped', async () => {
      // An original queue-master sends nothing back.
      const service = await start({ ...SWEEPING, ...BROKER_UNAVAILABLE });
      const waiting = (await (
        await placeOrder(service, shop.customer(SOCK).request)
      ).json()) as Order;
      shop.shipping.instead = () => ({ status: 503 });
      const later = (await (
        await placeOrder(service, shop.customer(SOCK).request)
      ).json()) as Order;
      shop.shipping.instead = undefined;
      // By a sweep; the first one has been at rest for longer.
      await until(async () => (await store.byId(later.id))?.status === 'SHIPPING');
      const sent = shop.shipping.received.filter(
        ({ body }) => (body as { id: string }).id === waiting.shipment.id, // as orders sends it
      );
      expect(sent).toHaveLength(1);
      expect(statuses(await store.byId(waiting.id))).toEqual(PLACED);
      expect(await allFinished()).toBe(true);
    });

    it('takes each step once when two instances sweep the same orders all the time', async () => {
      const orders: NewOrder[] = [];
      for (let count = 0; count < 10; count += 1) orders.push(await stored([]));
      shop.payment.instead = async () => {
        await pause(20); // longer than an order has to rest here
        return { status: 200, body: { authorised: true } };
      };
      const greedy = { SWEEP_INTERVAL_MS: '3', SWEEP_AFTER_MS: '1', ...BROKER_UNAVAILABLE };
      await Promise.all([start(greedy), start(greedy)]);
      await until(allFinished);
      for (const { id, shipment } of orders) {
        expect(statuses(await store.byId(id))).toEqual(PLACED);
        expect(shop.shipping.received.map(({ body }) => body)).toContainEqual(shipment);
      }
    });

    describe('with the bus inside the process', () => {
      let busUrl: string;
      let queueMaster: MessageBus;
      const deadLettered: unknown[] = [];

      beforeEach(async () => {
        busUrl = `memory:${randomUUID()}`;
        queueMaster = await MessageBus.open(busUrl, await Telemetry.start('queue-master'), {
          topology: {
            exchanges: SHIPMENT_EVENTS_TOPOLOGY.exchanges,
            queues: [{ name: `${SHIPMENT_EVENTS_QUEUE}.dead`, durable: true }],
          },
          log: { log: () => undefined, warn: () => undefined, error: () => undefined },
        });
        deadLettered.length = 0;
        queueMaster.consume({ queue: `${SHIPMENT_EVENTS_QUEUE}.dead` }, ({ body }) => {
          deadLettered.push(body);
          return Promise.resolve();
        });
      });
      afterEach(() => queueMaster.close());
      const publish = (body: unknown) => queueMaster.publish(SHIPMENT_SHIPPED, { body });

      it('marks an order SHIPPED once, at the time in the event, however often it is delivered', async () => {
        const service = await start({ RABBITMQ_URL: busUrl });
        const { spans } = service;
        const placed = (await (
          await placeOrder(service, shop.customer(SOCK).request)
        ).json()) as Order;
        const event = { ...placed.shipment, shippedAt: '2026-11-21T09:07:15.874Z' };
        spans.reset();
        for (let times = 0; times < 3; times += 1) await publish(event);
        const consumed = () =>
          spans.getFinishedSpans().filter((span) => span.kind === SpanKind.CONSUMER);
        await until(() => consumed().length === 3);
        const order = await store.byId(placed.id);
        expect(statuses(order)).toEqual([...PLACED, 'SHIPPED']);
        expect(order?.history.at(-1)?.at).toEqual(new Date(event.shippedAt));
        expect(consumed()[0]?.attributes['sockshop.order.id']).toBe(placed.id);
        expect(await allFinished()).toBe(true);
      });

      it('marks an order SHIPPED that shipping had not confirmed yet, and does not send it again', async () => {
        const service = await start({ ...SWEEPING, RABBITMQ_URL: busUrl });
        shop.shipping.instead = () => ({ status: 503 });
        const placed = (await (
          await placeOrder(service, shop.customer(SOCK).request)
        ).json()) as Order;
        await publish(placed.shipment);
        await until(async () => (await store.byId(placed.id))?.status === 'SHIPPED');
        await until(allFinished);
        expect(statuses(await store.byId(placed.id))).toEqual(['CREATED', 'PAID', 'SHIPPED']);
        expect(shop.shipping.received.length).toBe(1);
      });

      it('ignores the shipment of an unknown order and of a cancelled one', async () => {
        const cancelled = await stored(['CANCELLED']);
        const shipped = await stored(['PAID', 'SHIPPING']);
        const { lines } = await start({ RABBITMQ_URL: busUrl });
        await publish({ id: randomUUID(), name: 'nobody' });
        await publish(cancelled.shipment);
        await publish(shipped.shipment);
        await until(async () => (await store.byId(shipped.id))?.status === 'SHIPPED');
        expect(lines.filter((line) => line.includes('shipment of no order')).length).toBe(1);
        expect((await store.byId(cancelled.id))?.status).toBe('CANCELLED');
        expect(deadLettered).toEqual([]);
      });

      it('dead-letters a message that is no shipment event, and consumes the next', async () => {
        const shipped = await stored(['PAID', 'SHIPPING']);
        await start({ RABBITMQ_URL: busUrl });
        const wrong = [{}, { id: 5 }, 'text', null, { id: 'x', shippedAt: 'yesterday' }];
        for (const body of wrong) await publish(body);
        await publish(shipped.shipment);
        await until(async () => (await store.byId(shipped.id))?.status === 'SHIPPED');
        await until(() => deadLettered.length === wrong.length);
        expect(deadLettered).toEqual(expect.arrayContaining(wrong));
      });

      it('sends again, once, the shipments that the last process had sent', async () => {
        const first = await start({ RABBITMQ_URL: busUrl });
        const lost = (await (await placeOrder(first, shop.customer(SOCK).request)).json()) as Order;
        const done = (await (await placeOrder(first, shop.customer(SOCK).request)).json()) as Order;
        await publish(done.shipment);
        await until(async () => (await store.byId(done.id))?.status === 'SHIPPED');
        await stop(first);
        shop.reset();
        // The first sweep comes after another order was handed over, which is not lost.
        const second = await start({
          ...SWEEPING,
          SWEEP_INTERVAL_MS: '500',
          RABBITMQ_URL: busUrl,
        });
        const later = (await (
          await placeOrder(second, shop.customer(SOCK).request)
        ).json()) as Order;
        const sent = () => shop.shipping.received.map(({ body }) => body);
        await until(() => sent().length > 1);
        await until(allFinished);
        expect(sent()).toHaveLength(2);
        expect(sent()).toEqual(expect.arrayContaining([lost.shipment, later.shipment]));
        expect(statuses(await store.byId(lost.id))).toEqual(PLACED);
        expect(shop.payment.received.length).toBe(1);
      });
    });
  });
}

rabbitmq.suite('orders with RabbitMQ', () => {
  it('marks an order SHIPPED when the event comes', async () => {
    const [sqlite] = ADAPTERS;
    const databaseUrl = sqlite!.url();
    const store = await openStore(databaseUrl, await Telemetry.start('test'));
    const order = anOrder();
    await store.insert(order, undefined);
    for (const step of ['PAID', 'SHIPPING'] as const)
      await store.advance(order.id, step, new Date());
    const { url } = rabbitmq;
    const service = await startOrders({ DATABASE_URL: databaseUrl, RABBITMQ_URL: url });
    const queueMaster = await MessageBus.open(url, await Telemetry.start('queue-master'), {
      topology: { exchanges: SHIPMENT_EVENTS_TOPOLOGY.exchanges },
      log: { log: () => undefined, warn: () => undefined, error: () => undefined },
    });
    const target = SHIPMENT_SHIPPED;
    await until(async () => {
      await queueMaster.publish(target, { body: order.shipment }); // the queue may not be there yet, or be shared
      return (await store.byId(order.id))?.status === 'SHIPPED';
    });
    expect(statuses(await store.byId(order.id))).toEqual([...PLACED, 'SHIPPED']);
    await queueMaster.close();
    await service.close();
    await store.close();
  });
});
