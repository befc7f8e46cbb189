import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { until } from '@sockshop/testing';
import { rabbitmq } from '@sockshop/testing/real-servers';
import { type ChannelModel, type ConfirmChannel, connect, type ConsumeMessage } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { context } from '../src/context.ts';
import type { EndedOperation } from '../src/message-spans.ts';
import { delivered, traceChannel, type TracedChannelOptions } from '../src/traced-channel.ts';
import { MessageSpans } from '../src/message-spans.ts';
import { inSpan } from '../src/spans.ts';
import { Tracing } from '../src/tracing.ts';
import { tracingConfig } from '../src/tracing-config.ts';

const { suite, url } = rabbitmq;

suite('a channel of amqplib with traceChannel', () => {
  const spans = new InMemorySpanExporter();
  const ended: EndedOperation[] = [];
  let tracing: Tracing;
  let model: ChannelModel;
  let plain: ConfirmChannel;
  let queue: string;
  beforeAll(async () => {
    tracing = await Tracing.start('shop', tracingConfig({}), spans);
    model = await connect(url);
    plain = await model.createConfirmChannel();
  });
  beforeEach(async () => {
    spans.reset();
    ended.length = 0;
    queue = `traced-${randomUUID()}`;
    await plain.assertQueue(queue, { durable: false, autoDelete: true });
  });
  afterAll(async () => {
    await model.close();
    await tracing.shutdown();
  });

  const traced = async (options: TracedChannelOptions = {}): Promise<ConfirmChannel> =>
    traceChannel(await model.createConfirmChannel(), {
      traces: tracing,
      observed: (operation) => ended.push(operation),
      ...options,
    });
  const found = (name: string): ReadableSpan[] =>
    spans.getFinishedSpans().filter((span) => span.name === `${name} ${queue}`);
  const one = async (name: string): Promise<ReadableSpan> => {
    await until(() => found(name).length > 0);
    return found(name)[0]!;
  };
  const confirmed = (channel: ConfirmChannel, options = {}): Promise<void> =>
    new Promise((resolve, reject) => {
      channel.sendToQueue(queue, Buffer.from('{}'), options, (error: unknown) => {
        if (error === null) resolve();
        else reject(new Error('not confirmed', { cause: error }));
      });
    });
  const idOf = (span: ReadableSpan) => span.spanContext().spanId;

  it('traces a message from its sender to its consumer and back to the broker', async () => {
    const channel = await traced({ bodySize: true });
    let inside: string | undefined;
    await channel.consume(queue, (message) => {
      inside = trace.getSpanContext(context.active())?.spanId;
      channel.ack(message!);
    });
    await inSpan(tracing, 'work', {}, () =>
      confirmed(channel, { messageId: 'm1', correlationId: 'order 1', headers: { kept: 1 } }),
    );
    const [work] = spans.getFinishedSpans().filter(({ name }) => name === 'work');
    const published = await one('publish');
    const processed = await one('process');
    const acked = await one('ack');
    expect(published.parentSpanContext?.spanId).toBe(idOf(work!));
    expect(processed.parentSpanContext?.spanId).toBe(idOf(published));
    expect(processed.links.map((link) => link.context.spanId)).toEqual([idOf(published)]);
    expect(acked.parentSpanContext?.spanId).toBe(idOf(processed));
    expect(inside).toBe(idOf(processed));
    expect([published.kind, processed.kind, acked.kind]).toEqual([
      SpanKind.PRODUCER,
      SpanKind.CONSUMER,
      SpanKind.CLIENT,
    ]);
    const port = Number(new URL(url).port);
    const common = {
      'messaging.system': 'rabbitmq',
      'messaging.destination.name': queue,
      'messaging.message.id': 'm1',
      'messaging.message.conversation_id': 'order 1',
      'messaging.message.body.size': 2,
      'messaging.rabbitmq.destination.routing_key': queue,
    };
    const broker = {
      'service.peer.name': 'rabbitmq',
      'network.peer.address': '127.0.0.1',
      'network.peer.port': port,
    };
    expect(published.attributes).toEqual({
      ...common,
      ...broker,
      'messaging.operation.name': 'publish',
      'messaging.operation.type': 'send',
    });
    const tag = { 'messaging.rabbitmq.message.delivery_tag': 1 };
    const { 'message.waited_ms': waitedMs, ...rest } = processed.attributes;
    expect(waitedMs).toBeGreaterThanOrEqual(0);
    expect(rest).toEqual({
      ...common,
      ...broker,
      ...tag,
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'message.attempt': 0,
    });
    expect(acked.attributes).toEqual({
      ...common,
      ...tag,
      'messaging.operation.name': 'ack',
      'messaging.operation.type': 'settle',
    });
    expect(ended.map(({ operation, errorType }) => [operation, errorType]).sort()).toEqual([
      ['ack', undefined],
      ['process', undefined],
      ['publish', undefined],
    ]);
    await channel.close();
  });

  it('names exchange, routing key and queue', async () => {
    const channel = await traced();
    const exchange = `exchange-${queue}`;
    await channel.assertExchange(exchange, 'topic', { autoDelete: true, durable: false });
    await channel.bindQueue(queue, exchange, 'a.*');
    await channel.consume(queue, () => undefined, { noAck: true });
    channel.publish(exchange, 'a.b', Buffer.from(''));
    const names = () => spans.getFinishedSpans().map(({ name }) => name);
    await until(() => names().length === 2);
    expect(names()).toEqual([`publish ${exchange}:a.b`, `process ${exchange}:a.b:${queue}`]);
    await channel.close();
  });

  it.each([
    ['a promise', 'until the promise is settled'],
    ['no promise', 'until the message is settled'],
  ])('the span of a handler with %s runs %s', async (what) => {
    const channel = await traced();
    const handled = Promise.withResolvers<undefined>();
    const started = Promise.withResolvers<() => void>();
    const handle = (message: ConsumeMessage | null): unknown => {
      started.resolve(() => {
        channel.ack(message!);
      });
      return what === 'a promise' ? handled.promise : undefined;
    };
    await channel.consume(queue, handle);
    await confirmed(channel);
    const ack = await started.promise;
    expect(found('process')).toEqual([]);
    ack();
    if (what === 'a promise') {
      expect(found('process')).toEqual([]);
      handled.resolve(undefined);
    }
    const processed = await one('process');
    expect((await one('ack')).parentSpanContext?.spanId).toBe(idOf(processed));
    await channel.close();
  });

  it.each<[string, string, (channel: ConfirmChannel) => void]>([
    [
      'ackAll',
      'ack',
      (channel) => {
        channel.ackAll();
      },
    ],
    [
      'nackAll',
      'nack',
      (channel) => {
        channel.nackAll(false);
      },
    ],
  ])('%s settles and ends every open message with one CLIENT span', async (_call, name, settle) => {
    const channel = await traced();
    let received = 0;
    await channel.consume(queue, () => {
      received += 1;
    });
    await Promise.all([confirmed(channel), confirmed(channel)]);
    await until(() => received === 2);
    expect(found('process')).toEqual([]);
    settle(channel);
    expect([found('process').length, found(name).length]).toEqual([2, 1]);
    await channel.close();
  });

  it('a message that comes back has the context of its creation and its attempt', async () => {
    const channel = await traced();
    let deliveries = 0;
    await channel.consume(queue, (message) => {
      deliveries += 1;
      if (deliveries === 1) channel.nack(message!, false, true);
      else channel.reject(message!, false);
    });
    await confirmed(channel);
    await until(() => found('process').length === 2);
    const published = await one('publish');
    expect(found('process').map(({ attributes }) => attributes['message.attempt'])).toEqual([0, 1]);
    for (const { parentSpanContext } of found('process'))
      expect(parentSpanContext?.spanId).toBe(idOf(published));
    expect([found('nack').length, found('reject').length]).toEqual([1, 1]);
    await channel.close();
  });

  it('fails the span of a message whose channel closes before it is settled', async () => {
    const channel = await traced();
    const received = Promise.withResolvers<undefined>();
    await channel.consume(queue, () => {
      received.resolve(undefined);
    });
    await confirmed(channel);
    await received.promise;
    await channel.close();
    const processed = await one('process');
    expect(processed.status.code).toBe(SpanStatusCode.ERROR);
    expect(processed.attributes['error.type']).toBe('channel_closed');
  });

  it('fails the span of a message that the broker or the client refuses', async () => {
    const channel = await traced();
    channel.on('error', () => undefined);
    const lost = new Promise((resolve) => {
      channel.publish('no such exchange', 'x', Buffer.from(''), {}, resolve);
    });
    expect(await lost).toBeInstanceOf(Error);
    const [refused] = spans.getFinishedSpans();
    expect([refused?.name, refused?.status.code]).toEqual([
      'publish no such exchange:x',
      SpanStatusCode.ERROR,
    ]);
    expect(() => channel.sendToQueue(queue, Buffer.from(''))).toThrow('closed');
    expect((await one('publish')).attributes['error.type']).toBe('IllegalOperationError');
  });

  it('reads the context that a client in another language sent as bytes, in its own spelling', async () => {
    const channel = await traced();
    await channel.consume(queue, () => undefined, { noAck: true });
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const headers = { TraceParent: Buffer.from(`00-${traceId}-b7ad6b7169203331-01`) };
    plain.sendToQueue(queue, Buffer.from(''), { headers });
    const processed = await one('process');
    expect(processed.spanContext().traceId).toBe(traceId);
    expect(processed.attributes).not.toHaveProperty('message.waited_ms');
    await channel.close();
  });

  describe('with consumers: links', () => {
    it('a message is the root of a new trace, linked to its creation, with the reason', async () => {
      const channel = await traced({ consumers: 'links' });
      await channel.consume(queue, () => undefined, { noAck: true });
      await confirmed(channel);
      const published = await one('publish');
      const processed = await one('process');
      expect(processed.parentSpanContext).toBeUndefined();
      expect(processed.spanContext().traceId).not.toBe(published.spanContext().traceId);
      expect(processed.links).toMatchObject([
        {
          context: { traceId: published.spanContext().traceId, spanId: idOf(published) },
          attributes: { 'link.reason': 'creation of the message' },
        },
      ]);
      await channel.close();
    });
  });

  it('a message that is pulled has a CLIENT span, and is processed below the span around it', async () => {
    const channel = await traced();
    const messages = new MessageSpans({}, tracing);
    await confirmed(channel);
    await inSpan(tracing, 'collect', {}, async () => {
      const message = await channel.get(queue);
      if (message === false) throw new Error('the queue is empty');
      await messages.processPulled(delivered(message, queue), () => {
        channel.ack(message);
        return Promise.resolve();
      });
      expect(await channel.get(queue)).toBe(false);
    });
    const [around] = spans.getFinishedSpans().filter(({ name }) => name === 'collect');
    const published = await one('publish');
    const [received, empty] = found('receive');
    const processed = await one('process');
    expect(received?.kind).toBe(SpanKind.CLIENT);
    expect(received?.attributes).toMatchObject({
      'messaging.operation.name': 'receive',
      'messaging.operation.type': 'receive',
      'messaging.rabbitmq.message.delivery_tag': 1,
    });
    expect(empty?.links).toEqual([]);
    for (const each of [received!, processed]) {
      expect(each.parentSpanContext?.spanId).toBe(idOf(around!));
      expect(each.links.map((link) => link.context.spanId)).toEqual([idOf(published)]);
    }
    expect((await one('ack')).parentSpanContext?.spanId).toBe(idOf(processed));
    await channel.close();
  });

  it('a batch is the root of a new trace, linked to the creation of each message', async () => {
    const channel = await traced();
    const messages = new MessageSpans({}, tracing);
    await confirmed(channel);
    await confirmed(channel);
    const first = await plain.get(queue, { noAck: true });
    const second = await plain.get(queue, { noAck: true });
    const batch = [first, second].map((each) =>
      delivered(each as Exclude<typeof each, false>, queue),
    );
    await inSpan(tracing, 'around', {}, () =>
      messages.processBatch(queue, batch, () => Promise.resolve()),
    );
    const processed = await one('process');
    expect(processed.kind).toBe(SpanKind.CONSUMER);
    expect(processed.parentSpanContext).toBeUndefined();
    expect(processed.attributes).toEqual({
      'messaging.system': 'rabbitmq',
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.destination.name': queue,
      'messaging.batch.message_count': 2,
      'service.peer.name': 'rabbitmq',
    });
    const creations = found('publish').map(idOf);
    expect(processed.links.map((link) => link.context.spanId)).toEqual(creations);
    await expect(
      messages.processBatch(queue, batch, () => Promise.reject(new RangeError('no'))),
    ).rejects.toThrow('no');
    expect(found('process')[1]?.attributes['error.type']).toBe('RangeError');
    await channel.close();
  });
});
