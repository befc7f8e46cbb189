import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type ChannelModel, type ConfirmChannel, connect, type GetMessage } from 'amqplib';
import type { ServiceUnderTest } from '@sockshop/service-testing';
import { TcpProxy, until } from '@sockshop/testing';
import { deleteQueues, rabbitmq } from '@sockshop/testing/real-servers';
import { shipmentsLogged, startQueueMaster } from './running-queue-master.ts';
import { Shop } from './shop.ts';

const original = {
  contentType: 'application/json',
  contentEncoding: 'UTF-8',
  deliveryMode: 2,
  priority: 0,
  headers: { __TypeId__: 'works.weave.socks.shipping.entities.Shipment' },
};
const name = '57a98d98e4b00679b4a830b2';

rabbitmq.suite('queue-master and RabbitMQ', () => {
  const running: ServiceUnderTest[] = [];
  let shop: Shop;
  let id: string;
  let model: ChannelModel;
  let channel: ConfirmChannel;

  const start = async (env: Record<string, string> = {}): Promise<ServiceUnderTest> => {
    const queueMaster = await startQueueMaster({ ...shop.env, ...env });
    running.push(queueMaster);
    return queueMaster;
  };
  const sendRaw = async (content: string, properties: object = original): Promise<void> => {
    channel.sendToQueue(shop.queue, Buffer.from(content), properties);
    await channel.waitForConfirms();
  };
  const take = async (queue: string): Promise<GetMessage> => {
    let message: GetMessage | false = false;
    await until(async () => {
      message = await channel.get(queue, { noAck: true });
      return message !== false;
    });
    return message as unknown as GetMessage; // the loop above ends only with one
  };
  beforeEach(async () => {
    shop = await Shop.at(rabbitmq.url);
    id = shop.newId();
    model = await connect(rabbitmq.url);
    channel = await model.createConfirmChannel();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((queueMaster) => queueMaster.close()));
    await model.close();
    await shop.close();
  });

  it.each([
    ['as the original sends it', original],
    ['without type and encoding', { contentType: 'application/json' }],
    ['whose content type names a charset', { contentType: 'application/json;charset=utf-8' }],
  ])('handles a shipment %s', async (_case, properties) => {
    const queueMaster = await start();
    await sendRaw(`{"id":"${id}","name":"${name}"}`, properties);
    await until(() => queueMaster.logged('shipped').length === 1);
    expect(shipmentsLogged(queueMaster, 'shipped')).toEqual([id]);
  });

  it.each([
    ['of broken JSON', '{"id":', original],
    ['of another content type', '{"id":"a","name":"b"}', { contentType: 'text/plain' }],
    ['without content type', '{"id":"a","name":"b"}', {}],
    ['of an unknown type', '{"id":"a"}', { ...original, headers: { __TypeId__: 'Parcel' } }],
    ['that is empty', '', original],
  ])('dead-letters a message %s byte for byte, and goes on', async (_case, content, properties) => {
    const queueMaster = await start();
    await sendRaw(content, properties);
    const dead = await take(`${shop.queue}.dead`);
    expect(dead.content.toString()).toBe(content);
    expect(dead.properties).toMatchObject(properties);
    await sendRaw(`{"id":"${id}","name":"${name}"}`);
    await until(() => queueMaster.logged('shipped').length === 1);
    expect(shipmentsLogged(queueMaster, 'shipped')).toEqual([id]);
    expect(await queueMaster.status('/readyz')).toBe(200);
  });

  it('publishes an event as persistent JSON', async () => {
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, 'shipment-events', 'shipment.shipped');
    await start();
    await sendRaw(`{"id":"${id}","name":"${name}"}`);
    let event = await take(queue);
    while (event.properties.correlationId !== id) event = await take(queue); // of another test
    const { shippedAt } = JSON.parse(event.content.toString()) as { shippedAt: string };
    expect(event.content.toString()).toBe(
      `{"id":"${id}","name":"${name}","shippedAt":"${shippedAt}"}`,
    );
    expect(event.fields).toMatchObject({
      exchange: 'shipment-events',
      routingKey: 'shipment.shipped',
    });
    expect(event.properties).toMatchObject({ contentType: 'application/json', deliveryMode: 2 });
  });

  it('declares the same topology as shipping, and the exchange as orders', async () => {
    const queueMaster = await start();
    await queueMaster.ready();
    // The broker closes this channel if flags or arguments differ.
    await channel.assertQueue(shop.queue, { durable: true });
    await channel.assertExchange('shipping-task-exchange', 'topic', { durable: true });
    await channel.assertExchange('shipment-events', 'topic', { durable: true });
  });

  it("consumes the original's queue, which is not durable", async () => {
    const queue = `${shop.queue}-original`;
    await channel.assertQueue(queue, { durable: false });
    const queueMaster = await start({ SHIPPING_QUEUE: queue, SHIPPING_QUEUE_DURABLE: 'false' });
    await queueMaster.ready(); // rejects if it was declared with other flags
    channel.sendToQueue(queue, Buffer.from(`{"id":"${id}","name":"${name}"}`), original);
    await until(() => queueMaster.logged('shipped').length === 1);
    await Promise.all(running.splice(0).map((each) => each.close()));
    await deleteQueues(channel, queue);
  });

  it('works with a queue that an original made not durable, and logs the variable to set once', async () => {
    const queue = `${shop.queue}-original`;
    await channel.assertQueue(queue, { durable: false });
    const queueMaster = await start({ SHIPPING_QUEUE: queue });
    channel.sendToQueue(queue, Buffer.from(`{"id":"${id}","name":"${name}"}`), original);
    await until(() => queueMaster.logged('shipped').length === 1);
    expect(await queueMaster.status('/readyz')).toBe(503);
    expect(await queueMaster.status('/livez')).toBe(200);
    expect(await (await queueMaster.fetch('/health')).json()).toMatchObject({
      health: [
        { service: 'queue-master', status: 'OK' },
        { service: 'queue-master-rabbitmq', status: 'err' },
      ],
    });
    const errors = queueMaster.logged().filter(({ level }) => level === 'error');
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({
      message: 'declaration refused',
      advice: expect.stringContaining('SHIPPING_QUEUE_DURABLE=false'),
    });
    await Promise.all(running.splice(0).map((each) => each.close()));
    await deleteQueues(channel, queue);
  });

  it('reports err while the broker is unavailable, reconnects, and repeats shipments that it could not publish', async () => {
    const proxy = await TcpProxy.reserve(rabbitmq.url);
    const events = shop.events();
    const env = { RABBITMQ_URL: proxy.url, SHIPPING_DURATION_MS: '1000' }; // time to cut it while it ships
    const queueMaster = await start(env); // starts without it
    const health = await queueMaster.fetch('/health');
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({
      health: [
        { service: 'queue-master', status: 'OK' },
        { service: 'queue-master-rabbitmq', status: 'err' },
      ],
    });
    expect(await queueMaster.status('/readyz')).toBe(503);
    expect(await queueMaster.status('/livez')).toBe(200);
    await sendRaw(`{"id":"${id}","name":"${name}"}`);
    await proxy.restore();
    await until(() => queueMaster.logged('Received shipment task').length === 1);
    await proxy.cut(); // while it ships
    await until(() => queueMaster.logged().some(({ level }) => level === 'warn'));
    await proxy.restore();
    await until(() => queueMaster.logged('shipped').length === 1);
    const [event] = await events.about(id);
    expect(event?.body).toMatchObject({ id, name });
    expect(queueMaster.logged('Received shipment task').length).toBeGreaterThan(1);
    await until(async () => (await channel.checkQueue(shop.queue)).messageCount === 0);
    await queueMaster.ready();
    await Promise.all(running.splice(0).map((each) => each.close()));
    await proxy.cut();
  });
});
