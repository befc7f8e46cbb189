import { SpanStatusCode } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { ChannelModel } from 'amqplib';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { type IncomingMessage, MessageBus } from '../src/index.ts';
import { Bench } from './bench.ts';
import { type Broker, rabbitBroker } from './brokers.ts';
import { TcpProxy, until } from '@sockshop/testing';
import { rabbitmq } from '@sockshop/testing/real-servers';
import { Inbox } from './inbox.ts';

rabbitmq.suite('RabbitMQ', () => {
  let broker: Broker & { model: ChannelModel };
  let bench: Bench;
  let proxy: TcpProxy;

  beforeEach(async () => {
    broker = await rabbitBroker(rabbitmq.url);
    bench = new Bench(broker);
    proxy = await TcpProxy.reserve(rabbitmq.url);
  });
  afterEach(async () => {
    await bench.clear();
    await proxy.cut().catch(() => undefined); // already cut
  });

  it("carries the original's message: persistent JSON with its type header", async () => {
    const { bus, span } = await bench.join('shipping');
    const body = { id: '8bc52c5b-1445-4766-8ee6-d5f9adb3e41c', name: '57a98d98e4b00679b4a830b2' };
    const headers = { __TypeId__: 'works.weave.socks.shipping.entities.Shipment' };
    await bus.publish(bench.target, { body, headers });
    const channel = await broker.model.createChannel();
    const message = await channel.get(bench.queue, { noAck: true });
    if (!message) throw new Error('no message');
    expect(message.content.toString()).toBe(
      '{"id":"8bc52c5b-1445-4766-8ee6-d5f9adb3e41c","name":"57a98d98e4b00679b4a830b2"}',
    );
    expect(message.fields).toMatchObject({ exchange: '', routingKey: bench.queue });
    const { traceId, spanId } = (await span(`publish ${bench.queue}`)).spanContext();
    expect(message.properties).toMatchObject({
      contentType: 'application/json',
      contentEncoding: 'UTF-8',
      deliveryMode: 2,
      priority: 0,
      headers: {
        ...headers,
        traceparent: `00-${traceId}-${spanId}-01`,
        'x-b3-traceid': traceId,
        'x-b3-spanid': spanId,
        'x-b3-sampled': '1',
      },
    });
  });

  it('opens without a broker, rejects fast, and works once it appears', async () => {
    const party = await bench.join('shipping', {}, proxy.url);
    const { bus, lines, spans } = party;
    const inbox = new Inbox<IncomingMessage>();
    bus.consume({ queue: bench.queue }, inbox.put);
    await expect(bus.publish(bench.target, { body: 1 })).rejects.toMatchObject({
      name: 'BusUnavailableError',
      reason: 'disconnected',
      status: 503,
      headers: { 'retry-after': '1' },
      message: 'message broker unavailable: not connected',
    });
    await expect(bus.ping()).rejects.toMatchObject({ reason: 'disconnected' });
    await proxy.restore();
    await until(() => bus.ping().then(...settled));
    await bus.publish(bench.target, { body: 2 });
    expect((await inbox.next()).body).toBe(2);
    expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'warn message broker unavailable',
      'log message broker connected',
      'log consuming',
    ]);
    const [failed, ...others] = spans();
    expect(failed?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(failed?.attributes['error.type']).toBe('disconnected');
    // Nothing but the two messages: connecting again and again makes no spans.
    await until(() => spans().length === 4);
    expect(new Set(others.map(({ name }) => name))).not.toContain('connect');
  });

  it('survives the loss of the broker: unsettled messages are delivered again, in their trace', async () => {
    await proxy.restore();
    const { bus, lines, span, spans } = await bench.join('queue-master', {}, proxy.url);
    const inbox = new Inbox<IncomingMessage>();
    const mayFinish = Promise.withResolvers<undefined>();
    bus.consume({ queue: bench.queue }, async (message) => {
      await inbox.put(message);
      if (message.attempt === 0 && message.body === 'held') await mayFinish.promise;
    });
    await bus.publish(bench.target, { body: 'held' });
    const first = await inbox.next();
    await proxy.cut();
    await until(() => lines.some(({ message }) => message === 'message broker unavailable'));
    await expect(bus.publish(bench.target, { body: 'lost?' })).rejects.toMatchObject({
      reason: 'disconnected',
    });
    mayFinish.resolve(undefined);
    const acked = await span(`ack ${bench.queue}`);
    expect(acked.status.code).toBe(SpanStatusCode.ERROR);
    await proxy.restore();
    expect(await inbox.next()).toEqual({ ...first, attempt: 1 });
    await bus.publish(bench.target, { body: 'after' });
    expect((await inbox.next()).body).toBe('after');
    const isProcess = ({ name }: { name: string }): boolean => name === `process ${bench.queue}`;
    await until(() => spans().filter(isProcess).length === 3);
    const published = spans().filter(({ name }) => name === `publish ${bench.queue}`);
    expect(published.map(({ parentSpanContext }) => parentSpanContext)).toEqual(Array(3));
    const [held, , after] = published.map((each) => each.spanContext().spanId); // the second one was lost
    const parents = spans()
      .filter(isProcess)
      .map(({ parentSpanContext }) => parentSpanContext?.spanId);
    expect(parents.sort()).toEqual([held, held, after].sort());
    // Connecting again and again makes no spans: the only roots are the three messages.
    expect(spans().filter(({ parentSpanContext }) => !parentSpanContext)).toHaveLength(3);
    expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'log message broker connected',
      'log consuming',
      'warn message broker unavailable',
      'warn message will be delivered again',
      'log message broker connected',
      'log consuming',
    ]);
  });

  it('rejects a message whose confirmation was lost with the connection', async () => {
    await proxy.restore();
    const { bus } = await bench.join('shipping', {}, proxy.url);
    await bus.ping();
    const results = Array.from({ length: 50 }, (_, body) =>
      bus.publish(bench.target, { body }).then(...settled),
    );
    await proxy.cut();
    const confirmed = (await Promise.all(results)).filter(Boolean).length;
    const channel = await broker.model.createChannel();
    const { messageCount } = await channel.checkQueue(bench.queue);
    // What was confirmed is there; what was not may be there as well.
    expect(messageCount).toBeGreaterThanOrEqual(confirmed);
  });

  it('gives up on a broker that accepts the connection and never answers', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const options = { connectTimeoutMs: 100, publishTimeoutMs: 3000 };
    const url = `amqp://127.0.0.1:${address.port}`;
    const { bus, lines } = await bench.join('shipping', options, url);
    await expect(bus.publish(bench.target, { body: 1 })).rejects.toMatchObject({
      reason: 'disconnected',
    });
    expect(lines.map(({ message }) => message)).toEqual(['message broker unavailable']);
    await bus.close();
    silent.close();
  });

  it('uses a queue that exists with other flags, and reports it in log and health', async () => {
    const channel = await broker.model.createChannel();
    await channel.assertQueue(bench.queue, { durable: false });
    const topology = { queues: [{ name: bench.queue, durable: true, advice: 'agree' }] };
    const { bus, lines } = await bench.join('shipping', { topology }, rabbitmq.url);
    await expect(bus.ping()).rejects.toMatchObject({
      reason: 'misdeclared',
      message: expect.stringMatching(
        `queue ${bench.queue} was not declared as wanted: .*PRECONDITION_FAILED.*'durable'`,
      ) as unknown, // typed any
    });
    const inbox = new Inbox<IncomingMessage>();
    bus.consume({ queue: bench.queue }, inbox.put);
    await bus.publish(bench.target, { body: 1 });
    expect((await inbox.next()).body).toBe(1);
    const errors = lines.filter(({ level }) => level === 'error');
    expect(errors.map(({ message, fields }) => [message, fields?.['advice']])).toEqual([
      ['declaration refused', 'agree'],
    ]);
  });

  it('drops the oldest messages of a queue beyond its bound', async () => {
    const topology = { queues: [{ name: bench.queue, durable: true, maxMessages: 2 }] };
    const { bus } = await bench.join('shipping', { topology }, rabbitmq.url);
    for (const body of [1, 2, 3]) await bus.publish(bench.target, { body });
    const channel = await broker.model.createChannel();
    const first = await channel.get(bench.queue, { noAck: true });
    expect(first && first.content.toString()).toBe('2');
  });

  it('uses a queue that exists without its bound, and logs what to do, without an error in health', async () => {
    const channel = await broker.model.createChannel();
    await channel.assertQueue(bench.queue, { durable: true });
    const topology = { queues: [{ name: bench.queue, durable: true, maxMessages: 2 }] };
    const { bus, lines } = await bench.join('shipping', { topology }, rabbitmq.url);
    await bus.ping();
    const warnings = lines.filter(({ level }) => level === 'warn');
    expect(warnings.map(({ message, fields }) => [message, fields?.['advice']])).toEqual([
      [
        'queue without its bound',
        'delete the queue when it is empty; its consumer declares it anew',
      ],
    ]);
  });

  it('declares a deleted queue again, for its consumer and for the next message', async () => {
    const { bus } = await bench.join('queue-master');
    const channel = await broker.model.createChannel();
    await channel.deleteQueue(bench.queue);
    await expect(bus.publish(bench.target, { body: 1 })).rejects.toMatchObject({
      reason: 'unroutable',
    });
    const delivered = (): Promise<boolean> =>
      bus.publish(bench.target, { body: 2 }).then(...settled);
    await until(delivered);
    const inbox = new Inbox<IncomingMessage>();
    bus.consume({ queue: bench.queue }, inbox.put);
    expect((await inbox.next()).body).toBe(2);
    await channel.deleteQueue(bench.queue);
    await until(delivered);
    expect((await inbox.next()).body).toBe(2);
    await until(() => bus.ping().then(...settled));
  });

  it('keeps the password out of the error for a wrong URL', async () => {
    const { telemetry } = await bench.join('shipping');
    const options = {
      topology: {},
      log: { log: () => undefined, warn: () => undefined, error: () => undefined },
    };
    await expect(MessageBus.open('http://u:secret@host', telemetry, options)).rejects.toThrow(
      /^message bus: not an amqp:, amqps: or memory: URL$/,
    );
  });
});

/** For `then`: whether it succeeded. */
const settled = [(): boolean => true, (): boolean => false] as const;
