import { expect, it } from '@jest/globals';
import { MessageBus } from '@sockshop/messaging';
import { SHIPMENT_EVENTS_QUEUE } from '@sockshop/queues';
import { Telemetry } from '@sockshop/telemetry';
import { tracingConfig } from '@sockshop/tracing';
import { randomUUID } from 'node:crypto';
import { startQueueMaster } from './running-queue-master.ts';
import { Inbox, Shop } from './shop.ts';

// In process only: on a shared RabbitMQ this test would consume the events of others.
it("keeps its events in orders' queue although orders has never started", async () => {
  const shop = await Shop.at(`memory:${randomUUID()}`);
  const events = shop.events();
  const queueMaster = await startQueueMaster(shop.env);
  const id = shop.newId();
  await shop.send({ body: { id, name: 'customer' } });
  await events.about(id);
  const telemetry = await Telemetry.start('orders', tracingConfig({}));
  const orders = await MessageBus.open(shop.busUrl, telemetry, {
    topology: { queues: [{ name: SHIPMENT_EVENTS_QUEUE, durable: true }] }, // not bound: queue-master did that
    log: { log: () => undefined, warn: () => undefined, error: () => undefined },
  });
  const inbox = new Inbox();
  orders.consume({ queue: SHIPMENT_EVENTS_QUEUE }, inbox.put);
  expect((await inbox.about(id)).map(({ body }) => body)).toEqual([
    { id, name: 'customer', shippedAt: expect.any(String) },
  ]);
  await orders.close();
  await telemetry.shutdown();
  await queueMaster.close();
  await shop.close();
});
