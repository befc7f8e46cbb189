import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { Telemetry } from '@sockshop/telemetry';
import { until } from '@sockshop/testing';
import mongoose from 'mongoose';
import { randomUUID } from 'node:crypto';
import type { Order } from '../src/order.ts';
import type { OrderStore } from '../src/order-store.ts';
import { ADAPTERS, anOrder, openStore } from './stores.ts';

jest.setTimeout(30_000); // contests on a busy machine

const [, mongo] = ADAPTERS;
mongo?.suite('OrderStore on a MongoDB that the original has filled', () => {
  let store: OrderStore;
  let database: mongoose.Connection;
  let url: string;
  const _id = new mongoose.Types.ObjectId();
  const line = new mongoose.Types.ObjectId();
  const shipmentId = randomUUID();

  beforeAll(async () => {
    url = mongo.url();
    database = await mongoose.createConnection(url).asPromise();
    const document = {
      _class: 'works.weave.socks.orders.entities.CustomerOrder',
      customerId: '57a98d98e4b00679b4a830b2',
      customer: {
        _id: null,
        firstName: 'User',
        lastName: 'Name',
        username: 'user',
        addresses: [],
        cards: [],
      },
      address: { _id: null, ...anOrder().address },
      card: { _id: null, longNum: '5544154011345918', expires: '08/19', ccv: '958' },
      items: [{ _id: line, itemId: 'sock-a', quantity: 3, unitPrice: 17.149999618530273 }],
      shipment: { _id: shipmentId, name: '57a98d98e4b00679b4a830b2' },
      date: new Date('2026-11-21T09:07:11.948Z'),
      total: 56.439998626708984,
    };
    const orders = database.collection('customerOrder');
    await orders.insertOne({ ...document, _id });
    const more = { ...document, _id: new mongoose.Types.ObjectId(), customerId: 'other' };
    await orders.insertOne(more); // the unique index must not mind two without a key
    store = await openStore(url, await Telemetry.start('orders'));
  });
  afterAll(async () => {
    await store.close();
    await database.dropDatabase();
    await database.close();
  });

  it('reads its orders as shipped, amounts in whole cents, cards masked', async () => {
    const customerId = '57a98d98e4b00679b4a830b2';
    const order: Order = {
      id: _id.toString(),
      customerId,
      customer: { firstName: 'User', lastName: 'Name', username: 'user' },
      address: anOrder().address,
      card: { longNum: '************5918', expires: '08/19', ccv: '***' },
      items: [{ id: line.toString(), itemId: 'sock-a', quantity: 3, unitPrice: 17.15 }],
      shipment: { id: shipmentId, name: customerId },
      date: new Date('2026-11-21T09:07:11.948Z'),
      total: 56.44,
      cartId: customerId,
      status: 'SHIPPED',
      history: [],
      cartTaken: true,
      shipmentSent: true,
    };
    expect(await store.byId(order.id)).toEqual(order);
    expect(await store.byCustomer(customerId, false)).toEqual([order]);
    expect((await store.page(0, 20, true)).total).toBe(2);
  });

  it('does not change them and stores new orders beside them', async () => {
    expect(await store.advance(_id.toString(), 'SHIPPED', new Date())).toBeUndefined();
    expect(await store.unfinished(new Date(Date.now() + 1000), 10)).toEqual([]);
    const key = randomUUID();
    expect(await store.insert(anOrder(), key)).toBe(true);
    expect(await store.insert(anOrder(), key)).toBe(false);
  });

  it("writes the original's fields in the original's places", async () => {
    const order = anOrder();
    await store.insert(order, undefined);
    await store.advance(order.id, 'PAID', new Date());
    const found = await database
      .collection('customerOrder')
      .findOne({ _id: new mongoose.Types.ObjectId(order.id) });
    expect(found).toMatchObject({
      customerId: order.customerId,
      customer: order.customer,
      address: order.address,
      items: [{ _id: order.items[0]?.id, itemId: 'sock-a', quantity: 2, unitPrice: 18 }],
      shipment: { _id: order.shipment.id, name: order.customerId },
      date: order.date,
      total: 40.99,
    });
  });

  const inOriginal = (id: string) =>
    database.collection('customerOrder').findOne({ _id: new mongoose.Types.ObjectId(id) });
  /** What is left of the order beside the original's collection. */
  const inCheckout = (id: string) =>
    database.collection('checkout').findOne({ _id: new mongoose.Types.ObjectId(id) });

  it.each(['PAYMENT_FAILED', 'CANCELLED'] as const)(
    "keeps an order that ended %s out of the original's collection",
    async (step) => {
      const order = anOrder();
      await store.insert(order, randomUUID());
      expect(await inOriginal(order.id)).toBeNull();
      await store.advance(order.id, step, new Date());
      expect(await inOriginal(order.id)).toBeNull();
      expect((await store.byId(order.id))?.status).toBe(step);
    },
  );

  it('leaves only the idempotency key of a placed order in the other collection', async () => {
    const [order, withoutKey, key] = [anOrder(), anOrder(), randomUUID()];
    await store.insert(order, key);
    await store.insert(withoutKey, undefined);
    for (const { id } of [order, withoutKey]) await store.advance(id, 'PAID', new Date());
    expect(await inCheckout(withoutKey.id)).toBeNull();
    expect(await inCheckout(order.id)).toEqual({
      _id: new mongoose.Types.ObjectId(order.id),
      idempotencyKey: key,
      placed: true,
    });
  });

  it.each([
    ['a look at the order', (id: string) => store.byId(id)],
    ['a repeat with its key', (id: string) => store.byKey(`key of ${id}`)],
    ['the sweep', (id: string) => store.claim(id, new Date(Date.now() + 1000))],
  ])('finishes the interrupted move of a paid order by %s', async (_by, look) => {
    const order = anOrder();
    await store.insert(order, `key of ${order.id}`);
    const _id = new mongoose.Types.ObjectId(order.id);
    await database.collection('checkout').updateOne({ _id }, { $set: { status: 'PAID' } });
    expect(await store.unfinished(new Date(Date.now() + 1000), 1000)).toContain(order.id);
    expect((await look(order.id))?.status).toBe('PAID');
    expect((await inOriginal(order.id))?.['status']).toBe('PAID');
    expect(Object.keys((await inCheckout(order.id))!)).toEqual(['_id', 'idempotencyKey', 'placed']);
  });

  it('takes what an interrupted move left behind out of the other collection, and does not give it to the sweep again', async () => {
    const order = anOrder();
    await store.insert(order, `key of ${order.id}`);
    const left = await inCheckout(order.id);
    const paid = await store.markPaid(order.id, new Date());
    await store.shipping(paid!, new Date(), true);
    await until(async () => (await inCheckout(order.id))?.['placed'] === true); // a moment later
    await database
      .collection('checkout')
      .replaceOne({ _id: left!._id }, { ...left, status: 'PAID' });
    expect((await store.byId(order.id))?.status).toBe('SHIPPING');
    expect((await store.byKey(`key of ${order.id}`))?.status).toBe('SHIPPING');
    await database
      .collection('checkout')
      .replaceOne({ _id: left!._id }, { ...left, status: 'PAID' });
    expect(await store.claim(order.id, new Date(Date.now() + 1000))).toBeUndefined();
    expect((await inCheckout(order.id))?.['placed']).toBe(true);
    expect((await inOriginal(order.id))?.['status']).toBe('SHIPPING');
  });

  it("takes orders that are not placed out of the original's collection when it starts", async () => {
    const _id = new mongoose.Types.ObjectId();
    const { id: _, ...declined } = anOrder();
    await database
      .collection('customerOrder')
      .insertOne({ ...declined, _id, items: [], shipment: { _id: 'x' }, status: 'PAYMENT_FAILED' });
    const next = await openStore(url, await Telemetry.start('orders'));
    expect(await inOriginal(_id.toString())).toBeNull();
    expect((await next.byId(_id.toString()))?.status).toBe('PAYMENT_FAILED');
    await next.close();
  });
});
