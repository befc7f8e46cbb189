import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { MessageBus } from '@sockshop/messaging';
import {
  SHIPMENT_EVENTS_QUEUE,
  SHIPMENT_EVENTS_TOPOLOGY,
  SHIPMENT_SHIPPED,
} from '@sockshop/queues';
import { Telemetry } from '@sockshop/telemetry';
import { until } from '@sockshop/testing';
import { rabbitmq } from '@sockshop/testing/real-servers';
import { randomUUID } from 'node:crypto';
import type { Order } from '../src/order.ts';
import { onEachStore, PLACED, SOCK, statuses, SWEEPING } from './instances.ts';
import { placeOrder, startOrders } from './running-orders.ts';
import { ADAPTERS, anOrder, openStore } from './stores.ts';

onEachStore((instances) => {
  const { shop } = instances;

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
      const service = await instances.start({ RABBITMQ_URL: busUrl });
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
      const order = await instances.store.byId(placed.id);
      expect(statuses(order)).toEqual([...PLACED, 'SHIPPED']);
      expect(order?.history.at(-1)?.at).toEqual(new Date(event.shippedAt));
      expect(consumed()[0]?.attributes['sockshop.order.id']).toBe(placed.id);
      await until(instances.allFinished);
    });

    it('marks an order SHIPPED before shipping has confirmed it, and does not send it again', async () => {
      const service = await instances.start({ ...SWEEPING, RABBITMQ_URL: busUrl });
      shop.shipping.instead = () => ({ status: 503 });
      const placed = (await (
        await placeOrder(service, shop.customer(SOCK).request)
      ).json()) as Order;
      await publish(placed.shipment);
      await until(async () => (await instances.store.byId(placed.id))?.status === 'SHIPPED');
      await until(instances.allFinished);
      expect(statuses(await instances.store.byId(placed.id))).toEqual([
        'CREATED',
        'PAID',
        'SHIPPED',
      ]);
      expect(shop.shipping.received.length).toBe(1);
    });

    it('ignores the shipment of an unknown order and of a cancelled one', async () => {
      const cancelled = await instances.stored(['CANCELLED']);
      const shipped = await instances.stored(['PAID', 'SHIPPING']);
      const { lines } = await instances.start({ RABBITMQ_URL: busUrl });
      await publish({ id: randomUUID(), name: 'unknown' });
      await publish(cancelled.shipment);
      await publish(shipped.shipment);
      await until(async () => (await instances.store.byId(shipped.id))?.status === 'SHIPPED');
      await until(() => lines.some((line) => line.includes('shipment of no order'))); // events are handled side by side
      expect(lines.filter((line) => line.includes('shipment of no order')).length).toBe(1);
      expect((await instances.store.byId(cancelled.id))?.status).toBe('CANCELLED');
      expect(deadLettered).toEqual([]);
    });

    it('dead-letters a message that is no shipment event, and consumes the next', async () => {
      const shipped = await instances.stored(['PAID', 'SHIPPING']);
      await instances.start({ RABBITMQ_URL: busUrl });
      const wrong = [{}, { id: 5 }, 'text', null, { id: 'x', shippedAt: 'yesterday' }];
      for (const body of wrong) await publish(body);
      await publish(shipped.shipment);
      await until(async () => (await instances.store.byId(shipped.id))?.status === 'SHIPPED');
      await until(() => deadLettered.length === wrong.length);
      expect(deadLettered).toEqual(expect.arrayContaining(wrong));
    });

    it('sends again, once, the shipments that the last process had sent', async () => {
      const first = await instances.start({ RABBITMQ_URL: busUrl });
      const lost = (await (await placeOrder(first, shop.customer(SOCK).request)).json()) as Order;
      const done = (await (await placeOrder(first, shop.customer(SOCK).request)).json()) as Order;
      await publish(done.shipment);
      await until(async () => (await instances.store.byId(done.id))?.status === 'SHIPPED');
      await instances.stop(first);
      shop.reset();
      // The first sweep runs after another order was sent, and that one is not lost.
      const second = await instances.start({
        ...SWEEPING,
        SWEEP_INTERVAL_MS: '500',
        RABBITMQ_URL: busUrl,
      });
      const later = (await (await placeOrder(second, shop.customer(SOCK).request)).json()) as Order;
      const sent = () => shop.shipping.received.map(({ body }) => body);
      await until(() => sent().length > 1);
      await until(instances.allFinished);
      expect(sent()).toHaveLength(2);
      expect(sent()).toEqual(expect.arrayContaining([lost.shipment, later.shipment]));
      expect(statuses(await instances.store.byId(lost.id))).toEqual(PLACED);
      expect(shop.payment.received.length).toBe(1);
    });
  });
});

rabbitmq.suite('orders with RabbitMQ', () => {
  it('marks an order SHIPPED when the event arrives', async () => {
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
