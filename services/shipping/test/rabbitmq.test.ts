import { SpanStatusCode } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { ServiceUnderTest } from '@sockshop/service-testing';
import { TcpProxy, until } from '@sockshop/testing';
import { deleteQueues, rabbitmq } from '@sockshop/testing/real-servers';
import { freshQueue } from './brokers.ts';
import { OriginalQueueMaster } from './original-queue-master.ts';
import { postShipment, startShipping } from './running-shipping.ts';

const shipment = '{"id":"8bc52c5b-1445-4766-8ee6-d5f9adb3e41c","name":"57a98d98e4b00679b4a830b2"}';

rabbitmq.suite('shipping and RabbitMQ', () => {
  const running: ServiceUnderTest[] = [];
  let queue: string;
  let model: ChannelModel;
  let channel: Channel;

  const start = async (env: Record<string, string>): Promise<ServiceUnderTest> => {
    const shipping = await startShipping({ SHIPPING_QUEUE: queue, ...env });
    running.push(shipping);
    return shipping;
  };
  beforeEach(async () => {
    queue = freshQueue();
    model = await connect(rabbitmq.url);
    channel = await model.createChannel();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((shipping) => shipping.close()));
    await deleteQueues(await model.createChannel(), queue); // a refused declaration has closed the other one
    await model.close();
  });

  it("sends the original's message byte for byte", async () => {
    const shipping = await start({ RABBITMQ_URL: rabbitmq.url });
    await shipping.ready();
    const response = await postShipment(shipping, shipment);
    expect(response.status).toBe(201);
    const message = await channel.get(queue, { noAck: true });
    if (!message) throw new Error('no message');
    expect(message.content.toString('utf8')).toBe(shipment);
    expect(message.fields).toMatchObject({ exchange: '', routingKey: queue });
    const traceId = response.headers.get('x-trace-id') ?? '';
    const [producer] = await shipping.trace(traceId, 2);
    const spanId = producer?.spanContext().spanId ?? '';
    expect(message.properties).toEqual({
      contentType: 'application/json',
      contentEncoding: 'UTF-8',
      headers: {
        __TypeId__: 'works.weave.socks.shipping.entities.Shipment',
        traceparent: `00-${traceId}-${spanId}-01`,
        'x-b3-traceid': traceId,
        'x-b3-spanid': spanId,
        'x-b3-sampled': '1',
        'x-published-at-ms': expect.stringMatching(/^\d{13}$/),
      },
      deliveryMode: 2,
      priority: 0,
      correlationId: '8bc52c5b-1445-4766-8ee6-d5f9adb3e41c',
      messageId: expect.any(String),
      replyTo: undefined,
      expiration: undefined,
      timestamp: undefined,
      type: undefined,
      userId: undefined,
      appId: undefined,
      clusterId: undefined,
    });
  });

  it.each([true, false])(
    "declares the queue with durable %s and no arguments, bound to the original's exchange",
    async (durable) => {
      const env = { RABBITMQ_URL: rabbitmq.url, SHIPPING_QUEUE_DURABLE: String(durable) };
      const shipping = await start(env);
      await shipping.ready();
      // The broker closes this channel if flags or arguments differ.
      await channel.assertQueue(queue, { durable, exclusive: false, autoDelete: false });
      await channel.assertExchange('shipping-task-exchange', 'topic', { durable: true });
      channel.publish('shipping-task-exchange', queue, Buffer.from(shipment));
      await until(async () => (await channel.checkQueue(queue)).messageCount === 1);
    },
  );

  it.each(['before', 'after'])(
    'works with an original queue-master that starts %s it',
    async (when) => {
      const env = { RABBITMQ_URL: rabbitmq.url, SHIPPING_QUEUE_DURABLE: 'false' };
      let shipping = when === 'after' ? await start(env) : undefined;
      await shipping?.ready();
      const original = await OriginalQueueMaster.at(model, queue);
      shipping ??= await start(env);
      await shipping.ready();
      for (const name of ['one', 'two', 'three']) {
        const response = await postShipment(shipping, JSON.stringify({ id: name, name }));
        expect(response.status).toBe(201);
      }
      await until(() => original.printed.length === 3);
      expect(original.printed).toEqual(['one', 'two', 'three']);
      expect(original.refused).toEqual([]);
      expect(shipping.lines.filter((line) => line.includes('refused'))).toEqual([]);
    },
  );

  it.each([
    [true, 'an original made not durable'],
    [false, 'a shop of ours made durable'],
  ])(
    'with SHIPPING_QUEUE_DURABLE=%s at a queue that %s logs the difference and works',
    async (durable) => {
      await channel.assertQueue(queue, { durable: !durable });
      const env = { RABBITMQ_URL: rabbitmq.url, SHIPPING_QUEUE_DURABLE: String(durable) };
      const shipping = await start(env);
      await until(async () => (await shipping.status('/readyz')) === 503);
      expect((await postShipment(shipping, shipment)).status).toBe(201);
      expect((await channel.checkQueue(queue)).messageCount).toBe(1);
      expect(await (await shipping.fetch('/health')).json()).toMatchObject({
        health: [
          { service: 'shipping-rabbitmq', status: 'err' },
          { service: 'shipping', status: 'OK' },
        ],
      });
      expect(await shipping.status('/livez')).toBe(200);
      const errors = shipping.logged().filter(({ level }) => level === 'error');
      expect(errors).toHaveLength(1);
      expect(errors[0]).toMatchObject({
        message: 'declaration refused',
        problem: expect.stringContaining(`queue ${queue} was not declared as wanted`),
        advice: expect.stringContaining('SHIPPING_QUEUE_DURABLE=false'),
      });
    },
  );

  it('answers 503 and err while the broker is unavailable, keeps running, and recovers', async () => {
    const proxy = await TcpProxy.reserve(rabbitmq.url);
    const shipping = await start({ RABBITMQ_URL: proxy.url });
    const refuses = async (): Promise<void> => {
      const response = await postShipment(shipping, shipment);
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('1');
      expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      const traceId = response.headers.get('x-trace-id') ?? '';
      expect(await response.json()).toEqual({
        type: 'about:blank',
        title: 'Service Unavailable',
        status: 503,
        detail: 'message broker unavailable: not connected',
        message: 'message broker unavailable: not connected',
        instance: '/shipping',
        trace_id: traceId,
        timestamp: expect.any(Number),
        error: 'Service Unavailable',
        path: '/shipping',
      });
      const [producer, server] = await shipping.trace(traceId, 2);
      expect(producer?.attributes['error.type']).toBe('disconnected');
      expect(producer?.status).toEqual({ code: SpanStatusCode.ERROR });
      expect(server?.attributes['error.type']).toBe('503');
      expect(server?.status).toEqual({ code: SpanStatusCode.ERROR });
      const health = await shipping.fetch('/health');
      expect(health.status).toBe(200);
      expect(await health.json()).toMatchObject({
        health: [
          { service: 'shipping-rabbitmq', status: 'err' },
          { service: 'shipping', status: 'OK' },
        ],
      });
      expect(await shipping.status('/readyz')).toBe(503);
      expect(await shipping.status('/livez')).toBe(200);
    };
    await refuses(); // not started yet
    await proxy.restore();
    await shipping.ready();
    expect((await postShipment(shipping, shipment)).status).toBe(201);
    await proxy.cut();
    await until(async () => (await shipping.status('/readyz')) === 503);
    await refuses(); // gone again
    await proxy.restore();
    await shipping.ready();
    expect((await postShipment(shipping, shipment)).status).toBe(201);
    expect((await channel.checkQueue(queue)).messageCount).toBe(2);
    await proxy.cut();
  });

  it('answers 503 when the broker accepts the connection and sends nothing', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo; // a TCP server has no other kind of address
    const shipping = await start({ RABBITMQ_URL: `amqp://127.0.0.1:${port}` });
    const response = await postShipment(shipping, shipment);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    await response.arrayBuffer();
    silent.close();
  });

  it('loses no shipment of 200 sent at once', async () => {
    const shipping = await start({ RABBITMQ_URL: rabbitmq.url });
    await shipping.ready();
    const answers = await Promise.all(
      Array.from({ length: 200 }, async () => (await postShipment(shipping, shipment)).status),
    );
    expect(new Set(answers)).toEqual(new Set([201]));
    expect((await channel.checkQueue(queue)).messageCount).toBe(200);
  });
});
