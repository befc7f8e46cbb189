import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Telemetry } from '@sockshop/telemetry';
import { randomUUID } from 'node:crypto';
import type { Order } from '../src/order.ts';
import type { NextStatus, OrderStatus } from '../src/order-status.ts';
import type { NewOrder, OrderStore } from '../src/order-store.ts';
import { ADAPTERS, anOrder, openStore } from './stores.ts';

jest.setTimeout(30_000); // contests on a busy machine

/** The steps that lead to each status. */
const WAYS: Record<OrderStatus, NextStatus[]> = {
  CREATED: [],
  PAID: ['PAID'],
  SHIPPING: ['PAID', 'SHIPPING'],
  SHIPPED: ['PAID', 'SHIPPING', 'SHIPPED'],
  PAYMENT_FAILED: ['PAYMENT_FAILED'],
  CANCELLED: ['CANCELLED'],
};
const STATUSES = Object.keys(WAYS) as OrderStatus[]; // the keys are just these
const STEPS = STATUSES.filter((status): status is NextStatus => status !== 'CREATED');
const ALLOWED = new Set([
  'CREATED → PAID',
  'CREATED → PAYMENT_FAILED',
  'CREATED → CANCELLED',
  'PAID → SHIPPING',
  'PAID → SHIPPED',
  'SHIPPING → SHIPPED',
]);

for (const { name, suite, url } of ADAPTERS) {
  suite(`OrderStore on ${name}`, () => {
    let store: OrderStore;
    /** This many instances of orders share one store. */
    let stores: OrderStore[];
    beforeAll(async () => {
      const telemetry = await Telemetry.start('orders');
      const at = url();
      store = await openStore(at, telemetry);
      stores = [store, await openStore(at, telemetry), await openStore(at, telemetry)];
    });
    afterAll(async () => {
      for (const each of stores) await each.close();
    });

    /** Makes 50 simultaneous calls, spread over all instances. */
    const fiftyTimes = <T>(work: (instance: OrderStore, index: number) => Promise<T>) =>
      Promise.all(Array.from({ length: 50 }, (_, index) => work(stores[index % 3]!, index)));
    /** Stores an order and takes it to a status. */
    const stored = async (
      status: OrderStatus,
      changes: Partial<NewOrder> = {},
      key?: string,
    ): Promise<NewOrder> => {
      const order = anOrder(changes);
      expect(await store.insert(order, key)).toBe(true);
      for (const step of WAYS[status]) await store.advance(order.id, step, new Date());
      return order;
    };

    it('keeps the trace in which an order was created, through every step', async () => {
      const createdIn = {
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        tracestate: 'a=1',
        baggage: 'user-name=5f2c0e9a77d1',
        b3: '0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-d',
      };
      const { id } = await stored('SHIPPED', { createdIn });
      expect((await store.byId(id))?.createdIn).toEqual(createdIn);
      const other = await stored('CREATED');
      expect(await store.byId(other.id)).not.toHaveProperty('createdIn');
    });
    const statuses = (order: Order | undefined) => order?.history.map(({ status }) => status);
    const isUnfinished = async (id: string) =>
      (await store.unfinished(new Date(Date.now() + 1000), 10_000)).includes(id);

    it('returns an inserted order as it was, CREATED', async () => {
      const order = anOrder();
      expect(await store.insert(order, undefined)).toBe(true);
      const found = await store.byId(order.id);
      expect(found).toEqual({
        ...order,
        status: 'CREATED',
        history: [{ status: 'CREATED', at: expect.any(Date) }],
        cartTaken: false,
        shipmentSent: false,
      });
      expect(await store.byShipment(order.shipment.id)).toEqual(found);
    });

    it.each(['xyz', 'abcdefghijkl', '', '000000000000000000000000'])(
      'has no order %p',
      async (id) => {
        expect(await store.byId(id)).toBeUndefined();
        expect(await store.byShipment(id)).toBeUndefined();
        expect(await store.delete(id)).toBe(false);
      },
    );

    it('keeps many orders without an idempotency key', async () => {
      expect(await store.insert(anOrder(), undefined)).toBe(true);
      expect(await store.insert(anOrder(), undefined)).toBe(true);
    });

    it('stores one of 50 parallel orders with the same idempotency key', async () => {
      const key = randomUUID();
      const orders: NewOrder[] = [];
      const entered = await fiftyTimes((instance, index) =>
        instance.insert((orders[index] = anOrder()), key),
      );
      expect(entered.filter(Boolean).length).toBe(1);
      expect((await store.byKey(key))?.id).toBe(orders[entered.indexOf(true)]?.id);
    });

    it('gives each turn of a cart to one of 50 parallel orders', async () => {
      const cartId = randomUUID();
      expect((await store.cartTurn(cartId)).turn).toBe(0);
      for (let turn = 0; turn < 3; turn += 1) {
        const taken = await fiftyTimes((instance, index) =>
          instance.takeCartTurn(cartId, turn, `${turn}-${index}`),
        );
        expect(taken.filter(Boolean).length).toBe(1);
        const orderId = `${turn}-${taken.indexOf(true)}`;
        expect(await store.cartTurn(cartId)).toEqual({ turn: turn + 1, orderId });
      }
      expect(await store.takeCartTurn(cartId, 0, 'late')).toBe(false);
    });

    it('remembers an idempotency key for 24 hours', async () => {
      const DAY_MS = 24 * 60 * 60 * 1000;
      const young = new Date(Date.now() - DAY_MS + 60_000);
      const old = new Date(Date.now() - DAY_MS - 1);
      const [youngKey, oldKey] = [randomUUID(), randomUUID()];
      const kept = await stored('PAID', { date: young }, youngKey);
      const expired = await stored('PAID', { date: old }, oldKey);
      expect((await store.byKey(youngKey))?.id).toBe(kept.id);
      expect(await store.insert(anOrder(), youngKey)).toBe(false);
      expect(await store.byKey(oldKey)).toBeUndefined();
      expect(await store.insert(anOrder(), oldKey)).toBe(true);
      expect((await store.byId(expired.id))?.status).toBe('PAID');
    });

    it.each(['PAYMENT_FAILED', 'CANCELLED'] as const)(
      'releases the idempotency key of an order when it becomes %s',
      async (step) => {
        const key = randomUUID();
        await stored(step, {}, key);
        expect(await store.byKey(key)).toBeUndefined();
        const second = await stored('PAID', {}, key);
        expect((await store.byKey(key))?.id).toBe(second.id);
      },
    );

    it.each(STATUSES.flatMap((from) => STEPS.map((to) => [from, to] as const)))(
      'allows or refuses %s → %s',
      async (from, to) => {
        const order = await stored(from);
        const at = new Date('2026-11-21T09:07:15.874Z');
        const after = await store.advance(order.id, to, at);
        const allowed = ALLOWED.has(`${from} → ${to}`);
        expect(after?.status).toBe(allowed ? to : undefined);
        const found = await store.byId(order.id);
        expect(found?.status).toBe(allowed ? to : from);
        expect(statuses(found)).toEqual(['CREATED', ...WAYS[from], ...(allowed ? [to] : [])]);
        if (allowed) expect(found?.history.at(-1)).toEqual({ status: to, at });
      },
    );

    it('refuses every step of an unknown order', async () => {
      expect(await store.advance(anOrder().id, 'PAID', new Date())).toBeUndefined();
    });

    it('takes one of 50 parallel steps and adds it to the history once', async () => {
      const { id } = await stored('CREATED');
      for (const step of ['PAID', 'SHIPPING', 'SHIPPED'] as const) {
        const steps = await fiftyTimes((instance) => instance.advance(id, step, new Date()));
        const winners = steps.filter((order) => order !== undefined);
        expect(winners.length).toBe(1);
        expect(winners[0]?.status).toBe(step);
      }
      expect(statuses(await store.byId(id))).toEqual(['CREATED', 'PAID', 'SHIPPING', 'SHIPPED']);
    });

    it('takes either the step to PAID or the one to CANCELLED, never both', async () => {
      const { id } = await stored('CREATED');
      const both = await fiftyTimes((instance, index) =>
        instance.advance(id, index % 2 === 0 ? 'CANCELLED' : 'PAID', new Date()),
      );
      expect(both.filter(Boolean).length).toBe(1);
      expect(statuses(await store.byId(id))?.length).toBe(2);
    });

    it('lets SHIPPED overtake SHIPPING', async () => {
      const { id } = await stored('PAID');
      expect((await store.advance(id, 'SHIPPED', new Date()))?.shipmentSent).toBe(true);
      expect(await store.advance(id, 'SHIPPING', new Date(), true)).toBeUndefined();
      expect(statuses(await store.byId(id))).toEqual(['CREATED', 'PAID', 'SHIPPED']);
    });

    it.each(['PAID', 'SHIPPING'] as const)(
      'ships a %s order by its shipment, once, and no other',
      async (from) => {
        const order = await stored(from);
        const at = new Date('2026-11-21T09:07:15.874Z');
        const ships = await fiftyTimes((instance) => instance.shipped(order.shipment.id, at));
        const winners = ships.filter((each) => each !== undefined);
        expect(winners.map(({ id, status }) => [id, status])).toEqual([[order.id, 'SHIPPED']]);
        expect((await store.byId(order.id))?.history.at(-1)).toEqual({ status: 'SHIPPED', at });
        expect(await store.shipped(randomUUID(), at)).toBeUndefined();
        const declined = await stored('PAYMENT_FAILED');
        expect(await store.shipped(declined.shipment.id, at)).toBeUndefined();
      },
    );

    describe('an order that is taken on to SHIPPING by the one who had it paid', () => {
      const markedPaid = async (order: NewOrder, key?: string): Promise<Order> => {
        await store.insert(order, key);
        const paid = await store.markPaid(order.id, new Date());
        expect(paid).toMatchObject({ id: order.id, status: 'PAID', cartTaken: false });
        return paid!;
      };

      it.each([true, false])('is the same as by two steps, cart taken: %s', async (cartTaken) => {
        const order = anOrder();
        const paid = await markedPaid(order, randomUUID());
        const at = new Date('2026-11-21T09:07:15.874Z');
        const shipping = await store.shipping(paid, at, cartTaken);
        expect(shipping).toMatchObject({ status: 'SHIPPING', cartTaken, shipmentSent: true });
        expect(await store.byId(order.id)).toEqual(shipping);
        expect(statuses(shipping)).toEqual(['CREATED', 'PAID', 'SHIPPING']);
        expect(await store.byCustomer(order.customerId, false)).toEqual([shipping]);
        expect(await store.shipping(paid, at, cartTaken)).toBeUndefined();
        expect((await store.shipped(order.shipment.id, at))?.status).toBe('SHIPPED');
      });

      it('keeps its idempotency key all the time', async () => {
        const [order, key] = [anOrder(), randomUUID()];
        const paid = await markedPaid(order, key);
        expect(await store.insert(anOrder(), key)).toBe(false);
        await store.shipping(paid, new Date(), true);
        expect(await store.insert(anOrder(), key)).toBe(false);
        expect(await store.byKey(key)).toMatchObject({ id: order.id, status: 'SHIPPING' });
        expect(await store.insert(anOrder(), key)).toBe(false);
      });

      it('is seen as PAID by others before that, and steps once also when they moved or shipped it', async () => {
        const looks = [
          (order: NewOrder) => stores[1]!.byId(order.id),
          (order: NewOrder) => stores[1]!.byShipment(order.shipment.id),
          (order: NewOrder) => stores[1]!.claim(order.id, new Date(Date.now() + 1000)),
        ];
        for (const look of looks) {
          const order = anOrder();
          const paid = await markedPaid(order);
          expect((await look(order))?.status).toBe('PAID');
          const both = await Promise.all([
            store.shipping(paid, new Date(), true),
            stores[2]!.advance(order.id, 'SHIPPING', new Date()),
          ]);
          expect(both.filter(Boolean).length).toBe(1);
        }
        const fast = anOrder();
        const paid = await markedPaid(fast);
        await stores[1]!.byId(fast.id);
        await stores[1]!.shipped(fast.shipment.id, new Date());
        expect(await store.shipping(paid, new Date(), true)).toBeUndefined();
        expect(statuses(await store.byId(fast.id))).toEqual(['CREATED', 'PAID', 'SHIPPED']);
      });

      it('notes what is done when only one task was', async () => {
        const order = anOrder();
        await markedPaid(order);
        await store.markDone(order.id, { cartTaken: true, shipmentSent: false });
        expect(await store.byId(order.id)).toMatchObject({ status: 'PAID', cartTaken: true });
        expect(await isUnfinished(order.id)).toBe(true);
      });
    });

    describe('lists', () => {
      it('give a customer the orders that were paid, oldest or newest first', async () => {
        const customerId = randomUUID();
        const days = [3, 1, 2].map((day) => new Date(Date.UTC(2026, 0, day)));
        const [third, first, second] = await Promise.all(
          days.map((date) => stored('SHIPPED', { customerId, date })),
        );
        for (const status of STATUSES) await stored(status, { customerId: `${customerId}2` });
        const oldestFirst = [first, second, third].map((order) => order?.id);
        const ids = (orders: Order[]) => orders.map(({ id }) => id);
        expect(ids(await store.byCustomer(customerId, false))).toEqual(oldestFirst);
        expect(ids(await store.byCustomer(customerId, true))).toEqual(oldestFirst.reverse());
        const other = await store.byCustomer(`${customerId}2`, false);
        expect(other.map(({ status }) => status)).toEqual(['PAID', 'SHIPPING', 'SHIPPED']);
        expect(await store.byCustomer('unknown', false)).toEqual([]);
      });

      it('have pages that together contain every placed order once, also orders of the same millisecond', async () => {
        const own = await openStore(url(), await Telemetry.start('orders'));
        const date = new Date();
        const ids: string[] = [];
        for (let count = 0; count < 7; count += 1) {
          const order = anOrder({ date });
          await own.insert(order, undefined);
          await own.advance(order.id, 'PAID', date);
          ids.push(order.id);
        }
        await own.insert(anOrder(), undefined);
        for (const newestFirst of [false, true]) {
          const pages = await Promise.all([0, 1, 2].map((page) => own.page(page, 3, newestFirst)));
          expect(pages.map(({ orders }) => orders.length)).toEqual([3, 3, 1]);
          expect(pages.map(({ total }) => total)).toEqual([7, 7, 7]);
          const found = pages.flatMap(({ orders }) => orders.map(({ id }) => id));
          expect(found.sort()).toEqual([...ids].sort());
        }
        expect(await own.page(3, 3, false)).toEqual({ orders: [], total: 7 });
        await own.close();
      });
    });

    describe('unfinished orders', () => {
      it.each([
        ['CREATED', true],
        ['PAID', true],
        ['SHIPPING', true],
        ['SHIPPED', true],
        ['PAYMENT_FAILED', false],
        ['CANCELLED', false],
      ] as const)('%s, the lines still in the cart: unfinished %s', async (status, left) => {
        expect(await isUnfinished((await stored(status)).id)).toBe(left);
      });

      it('are finished by the step to SHIPPING when the lines have left the cart', async () => {
        const { id } = await stored('PAID');
        const after = await store.advance(id, 'SHIPPING', new Date(), true);
        expect(after).toMatchObject({ status: 'SHIPPING', cartTaken: true, shipmentSent: true });
        expect(await isUnfinished(id)).toBe(false);
        await store.advance(id, 'SHIPPED', new Date());
        expect(await isUnfinished(id)).toBe(false);
        expect((await store.byId(id))?.cartTaken).toBe(true);
      });

      it('are finished when both tasks are done, and stay finished', async () => {
        const { id } = await stored('SHIPPING');
        await store.markDone(id, { cartTaken: true, shipmentSent: false });
        expect(await store.byId(id)).toMatchObject({ cartTaken: true, shipmentSent: true });
        expect(await isUnfinished(id)).toBe(true); // it did not know of the other job
        await store.markDone(id, { cartTaken: true, shipmentSent: true });
        expect(await isUnfinished(id)).toBe(false);
        await store.markDone(id, { cartTaken: true, shipmentSent: false });
        expect(await isUnfinished(id)).toBe(false);
      });

      it('are listed when they have not changed for a while, oldest first, up to the limit', async () => {
        const own = await openStore(url(), await Telemetry.start('orders'));
        const orders = [anOrder(), anOrder(), anOrder()];
        for (const order of orders) {
          await own.insert(order, undefined);
          const { history } = (await own.byId(order.id))!;
          while (Date.now() <= history[0]!.at.getTime()); // the next one is a millisecond younger
        }
        const ids = orders.map(({ id }) => id);
        expect(await own.unfinished(new Date(Date.now() - 60_000), 10)).toEqual([]);
        expect(await own.unfinished(new Date(Date.now() + 1), 10)).toEqual(ids);
        expect(await own.unfinished(new Date(Date.now() + 1), 2)).toEqual(ids.slice(0, 2));
        await own.close();
      });

      it('are claimed by one of 50, and again only after another while', async () => {
        const { id } = await stored('PAID');
        const { history } = (await store.byId(id))!;
        while (Date.now() <= history[1]!.at.getTime() + 1);
        const before = new Date();
        const claims = await fiftyTimes((instance) => instance.claim(id, before));
        const winners = claims.filter((order) => order !== undefined);
        expect(winners.map((order) => order.id)).toEqual([id]);
        expect(await store.claim(id, before)).toBeUndefined();
        expect((await store.claim(id, new Date(Date.now() + 1000)))?.id).toBe(id);
      });

      it('cannot be claimed when they are finished or gone', async () => {
        const later = new Date(Date.now() + 1000);
        expect(await store.claim((await stored('CANCELLED')).id, later)).toBeUndefined();
        expect(await store.claim(anOrder().id, later)).toBeUndefined();
      });

      it('are unfinished again when their queue is lost, but only those sent before', async () => {
        const finished = await stored('PAID');
        await store.advance(finished.id, 'SHIPPING', new Date(), true);
        const shipped = await stored('SHIPPED');
        await store.markDone(shipped.id, { cartTaken: true, shipmentSent: true });
        await store.markShipmentsUnsent(new Date(Date.now() - 60_000));
        expect(await isUnfinished(finished.id)).toBe(false);
        await store.markShipmentsUnsent(new Date(Date.now() + 1000));
        expect(await store.byId(finished.id)).toMatchObject({
          status: 'SHIPPING',
          cartTaken: true,
          shipmentSent: false,
        });
        expect(await store.unfinished(new Date(1), 1000)).toContain(finished.id);
        expect(await isUnfinished(shipped.id)).toBe(false);
        await store.markDone(finished.id, { cartTaken: true, shipmentSent: true });
        expect(await isUnfinished(finished.id)).toBe(false);
      });
    });

    it('deletes an order once', async () => {
      const { id } = await stored('SHIPPED');
      expect(await store.delete(id)).toBe(true);
      expect(await store.byId(id)).toBeUndefined();
      expect(await store.delete(id)).toBe(false);
    });
  });
}
