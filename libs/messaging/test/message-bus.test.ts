import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { context, inSpan } from '@sockshop/tracing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type IncomingMessage, PoisonMessageError } from '../src/index.ts';
import { Bench } from './bench.ts';
import { type Broker, memoryBroker, rabbitBroker } from './brokers.ts';
import { until } from '@sockshop/testing';
import { rabbitmq } from '@sockshop/testing/real-servers';
import { Inbox } from './inbox.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('MessageBus in process', () => {
  contract(() => memoryBroker(randomUUID()), { system: 'in_memory', peer: 'queue' });
});

rabbitmq.suite('MessageBus on RabbitMQ', () => {
  contract(() => rabbitBroker(rabbitmq.url), { system: 'rabbitmq', peer: 'rabbitmq' });
});

function contract(open: () => Promise<Broker>, { system, peer }: { system: string; peer: string }) {
  const isRabbit = system === 'rabbitmq';
  let bench: Bench;
  beforeEach(async () => {
    bench = new Bench(await open());
  });
  afterEach(() => bench.clear());

  it('keeps messages until a consumer comes, and delivers later ones too', async () => {
    const shipping = await bench.join('shipping');
    const queueMaster = await bench.join('queue-master');
    await shipping.bus.publish(bench.target, { body: { id: '1', name: 'é' } });
    const inbox = new Inbox<IncomingMessage>();
    queueMaster.bus.consume({ queue: bench.queue }, inbox.put);
    expect((await inbox.next()).body).toEqual({ id: '1', name: 'é' });
    const headers = { __TypeId__: 'Shipment' };
    await shipping.bus.publish(bench.target, { body: [2], headers, correlationId: 'order 2' });
    const second = await inbox.next();
    expect(second.body).toEqual([2]);
    expect(second.headers['__typeid__']).toBe('Shipment');
    expect(second.correlationId).toBe('order 2');
    expect(second.messageId).toMatch(uuid);
    expect(second.attempt).toBe(0);
  });

  it('delivers each message to one of several consumers', async () => {
    const first = await bench.join('queue-master');
    const second = await bench.join('queue-master');
    const inboxes = [new Inbox<IncomingMessage>(), new Inbox<IncomingMessage>()] as const;
    first.bus.consume({ queue: bench.queue, prefetch: 1 }, inboxes[0].put);
    second.bus.consume({ queue: bench.queue, prefetch: 1 }, inboxes[1].put);
    const numbers = Array.from({ length: 20 }, (_, n) => n);
    await Promise.all(numbers.map((body) => first.bus.publish(bench.target, { body })));
    const bodies = (): unknown[] =>
      inboxes.flatMap(({ all }) => all.map(({ body }) => Number(body)));
    await until(() => bodies().length === 20);
    expect(new Set(bodies())).toEqual(new Set(numbers));
  });

  it('handles no more messages at a time than the prefetch', async () => {
    const { bus } = await bench.join('queue-master');
    let running = 0;
    let most = 0;
    const done = new Inbox<unknown>();
    bus.consume({ queue: bench.queue, prefetch: 3 }, async (message) => {
      most = Math.max(most, ++running);
      await until(() => running === 3 || done.all.length >= 9);
      running--;
      await done.put(message);
    });
    for (let n = 0; n < 12; n++) await bus.publish(bench.target, { body: n });
    await until(() => done.all.length === 12);
    expect(most).toBe(3);
  });

  it('keeps 200 concurrent messages in their own traces', async () => {
    const shipping = await bench.join('shipping');
    const queueMaster = await bench.join('queue-master');
    const received = new Map<unknown, string | undefined>();
    queueMaster.bus.consume({ queue: bench.queue }, (message) => {
      received.set(message.body, trace.getSpanContext(context.active())?.traceId);
      return Promise.resolve();
    });
    const sent = new Map<unknown, string>();
    const order = (n: number): Promise<void> =>
      inSpan(shipping.telemetry, 'order', {}, async (span) => {
        sent.set(n, span.spanContext().traceId);
        await shipping.bus.publish(bench.target, { body: n });
      });
    await Promise.all(Array.from({ length: 200 }, (_, n) => order(n)));
    await until(() => received.size === 200);
    expect(received).toEqual(sent);
  });

  it('sends a topic to every queue bound to it and to no other', async () => {
    const { bus, spans } = await bench.join('orders');
    const events = new Inbox<IncomingMessage>();
    const tasks = new Inbox<IncomingMessage>();
    bus.consume({ queue: bench.events }, events.put);
    bus.consume({ queue: bench.queue }, tasks.put);
    const { exchange } = bench;
    await bus.publish({ exchange, routingKey: 'shipment.lost' }, { body: 'no queue takes it' });
    await bus.publish({ exchange, routingKey: 'shipment.shipped' }, { body: 'shipped' });
    expect((await events.next()).body).toBe('shipped');
    expect(tasks.all).toEqual([]);
    const names = [
      `publish ${exchange}:shipment.lost`,
      `publish ${exchange}:shipment.shipped`,
      `process ${exchange}:shipment.shipped:${bench.events}`,
      `ack ${exchange}:shipment.shipped:${bench.events}`,
    ];
    await until(() => spans().length === 4);
    expect(new Set(spans().map(({ name }) => name))).toEqual(new Set(names));
  });

  it('rejects a message for a queue that does not exist', async () => {
    const { bus, span } = await bench.join('shipping');
    const target = { exchange: '', routingKey: `no-${bench.id}` };
    await expect(bus.publish(target, { body: 1 })).rejects.toMatchObject({
      name: 'BusUnavailableError',
      reason: 'unroutable',
      status: 503,
      headers: { 'retry-after': '1' },
    });
    const { status, attributes } = await span(`publish no-${bench.id}`);
    expect(status).toEqual({ code: SpanStatusCode.ERROR });
    expect(attributes['error.type']).toBe('unroutable');
  });

  it('refuses queues and exchanges that are not in the topology', async () => {
    const { bus } = await bench.join('shipping');
    expect(() => {
      bus.consume({ queue: 'shiping-task' }, () => Promise.resolve());
    }).toThrow('queue shiping-task is not in the topology');
    await expect(
      bus.publish({ exchange: 'shiping', routingKey: 'x' }, { body: 1 }),
    ).rejects.toThrow('exchange shiping is not in the topology');
  });

  it('traces a message from its sender through the broker to its consumer', async () => {
    const shipping = await bench.join('shipping');
    const queueMaster = await bench.join('queue-master');
    queueMaster.bus.consume({ queue: bench.queue }, () => Promise.resolve());
    await inSpan(shipping.telemetry, 'POST /shipping', {}, () =>
      shipping.bus.publish(bench.target, { body: {}, correlationId: 'order 1' }),
    );
    const root = await shipping.span('POST /shipping');
    const published = await shipping.span(`publish ${bench.queue}`);
    const processed = await queueMaster.span(`process ${bench.queue}`);
    const acked = await queueMaster.span(`ack ${bench.queue}`);
    const { traceId } = root.spanContext();
    for (const span of [published, processed, acked]) {
      expect(span.spanContext().traceId).toBe(traceId);
      expect(span.status).toEqual({ code: SpanStatusCode.UNSET });
      expect(span.attributes['messaging.message.id']).toMatch(uuid);
    }
    expect(published.parentSpanContext?.spanId).toBe(root.spanContext().spanId);
    expect(processed.parentSpanContext?.spanId).toBe(published.spanContext().spanId);
    expect(acked.parentSpanContext?.spanId).toBe(processed.spanContext().spanId);
    expect(processed.links.map((link) => link.context.spanId)).toEqual([
      published.spanContext().spanId,
    ]);
    expect([published.kind, processed.kind, acked.kind]).toEqual([
      SpanKind.PRODUCER,
      SpanKind.CONSUMER,
      SpanKind.CLIENT,
    ]);
    expect(published.resource.attributes['service.name']).toBe('shipping');
    expect(processed.resource.attributes['service.name']).toBe('queue-master');

    const common = {
      'messaging.system': system,
      'messaging.destination.name': bench.queue,
      'messaging.message.id': published.attributes['messaging.message.id'],
      'messaging.message.conversation_id': 'order 1',
      ...(isRabbit && { 'messaging.rabbitmq.destination.routing_key': bench.queue }),
    };
    const broker = {
      'service.peer.name': peer,
      ...(isRabbit && {
        'server.address': new URL(rabbitmq.url).hostname,
        'server.port': Number(new URL(rabbitmq.url).port),
        'network.peer.address': '127.0.0.1',
        'network.peer.port': Number(new URL(rabbitmq.url).port),
      }),
    };
    const tag = isRabbit ? { 'messaging.rabbitmq.message.delivery_tag': 1 } : {};
    expect(published.attributes).toEqual({
      ...common,
      ...broker,
      'messaging.operation.name': 'publish',
      'messaging.operation.type': 'send',
    });
    const { 'sockshop.message.waited_ms': waitedMs, ...attributes } = processed.attributes;
    expect(waitedMs).toBeGreaterThanOrEqual(0);
    expect(attributes).toEqual({
      ...common,
      ...broker,
      ...tag,
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'sockshop.message.attempt': 0,
    });
    expect(acked.attributes).toEqual({
      ...common,
      ...tag,
      'messaging.operation.name': 'ack',
      'messaging.operation.type': 'settle',
    });
  });

  it('starts a new trace, linked to the creation of the message, with CONSUMER_TRACE=links', async () => {
    const shipping = await bench.join('shipping');
    const settings = { CONSUMER_TRACE: 'links' };
    const queueMaster = await bench.join('queue-master', {}, undefined, settings);
    queueMaster.bus.consume({ queue: bench.queue }, () =>
      queueMaster.bus.publish({ exchange: bench.exchange, routingKey: 'x' }, { body: 1 }),
    );
    await shipping.bus.publish(bench.target, { body: 1 });
    const published = await shipping.span(`publish ${bench.queue}`);
    const processed = await queueMaster.span(`process ${bench.queue}`);
    const next = await queueMaster.span(`publish ${bench.exchange}:x`);
    expect(processed.parentSpanContext).toBeUndefined();
    const { traceId } = processed.spanContext();
    expect(traceId).not.toBe(published.spanContext().traceId);
    expect(next.spanContext().traceId).toBe(traceId);
    const { spanId } = published.spanContext();
    expect(processed.links).toMatchObject([
      { context: { spanId }, attributes: { 'link.reason': 'creation of the message' } },
    ]);
  });

  it('carries B3 debug from its sender to its consumer, and to what that publishes', async () => {
    const { bus, telemetry } = await bench.join('shipping');
    const seen: unknown[] = [];
    bus.consume({ queue: bench.queue }, async ({ headers }) => {
      seen.push(headers);
      await bus.publish({ exchange: bench.exchange, routingKey: 'shipment.shipped' }, { body: 1 });
    });
    bus.consume({ queue: bench.events }, ({ headers }) => {
      seen.push(headers);
      return Promise.resolve();
    });
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const caller = telemetry.extract({ b3: `${traceId}-b7ad6b7169203331-d` });
    await context.with(caller, () => bus.publish(bench.target, { body: 1 }));
    await until(() => seen.length === 2);
    const debug = { 'x-b3-traceid': traceId, 'x-b3-flags': '1' };
    expect(seen).toMatchObject([debug, debug]);
    const traceparent = expect.stringMatching(new RegExp(`^00-${traceId}-.*-01$`)) as unknown;
    expect(seen).toMatchObject([{ traceparent }, { traceparent }]);
  });

  it('makes what a handler publishes a child of its own span', async () => {
    const { bus, span } = await bench.join('queue-master');
    bus.consume({ queue: bench.queue }, () =>
      bus.publish({ exchange: bench.exchange, routingKey: 'shipment.shipped' }, { body: 1 }),
    );
    await bus.publish(bench.target, { body: 1 });
    const processed = await span(`process ${bench.queue}`);
    const shipped = await span(`publish ${bench.exchange}:shipment.shipped`);
    expect(shipped.parentSpanContext?.spanId).toBe(processed.spanContext().spanId);
  });

  it('counts and times publishing, processing and settling', async () => {
    const { bus, telemetry, span } = await bench.join('queue-master');
    bus.consume({ queue: bench.queue, retryDelaysMs: [] }, () => Promise.reject(new TypeError()));
    await bus.publish(bench.target, { body: 1 });
    await span(`process ${bench.queue}`);
    const text = await telemetry.metrics.text();
    const of = `messaging_system="${system}",messaging_destination_name="${bench.queue}`;
    expect(text).toContain(`messaging_client_sent_messages_total{${of}"} 1`);
    expect(text).toContain(`messaging_client_sent_messages_total{${of}.dead"} 1`);
    expect(text).toContain(
      `messaging_client_consumed_messages_total{${of}",error_type="TypeError"} 1`,
    );
  });

  it('retries a failed message after growing delays and then dead-letters it', async () => {
    const { bus, span, spans, lines } = await bench.join('queue-master');
    const failures: { attempt: number; at: number }[] = [];
    bus.consume({ queue: bench.queue, retryDelaysMs: [50, 150, 300] }, ({ attempt }) => {
      failures.push({ attempt, at: Date.now() });
      return Promise.reject(new RangeError('worker unavailable'));
    });
    await inSpan((await bench.join('shipping')).telemetry, 'POST /shipping', {}, () =>
      bus.publish(bench.target, { body: { id: '1' }, headers: { __TypeId__: 'Shipment' } }),
    );
    const created = await span(`publish ${bench.queue}`);
    await span(`publish ${bench.queue}.dead`);
    await until(() => spans().filter(({ name }) => name.startsWith('ack')).length === 4);

    expect(failures.map(({ attempt }) => attempt)).toEqual([0, 1, 2, 3]);
    const gaps = failures.slice(1).map(({ at }, index) => at - failures[index]!.at);
    // At least as long as wished; how much longer is the machine's affair. 1 ms: clocks are rounded.
    for (const [index, delay] of [50, 150, 300].entries()) {
      expect(gaps[index]).toBeGreaterThanOrEqual(delay - 1);
    }
    const processed = spans().filter(({ name }) => name === `process ${bench.queue}`);
    expect(processed.map(({ attributes }) => attributes['sockshop.message.attempt'])).toEqual([
      0, 1, 2, 3,
    ]);
    for (const each of processed) {
      expect(each.parentSpanContext?.spanId).toBe(created.spanContext().spanId);
      expect(each.links.map((link) => link.context.spanId)).toEqual([created.spanContext().spanId]);
      expect(each.status.code).toBe(SpanStatusCode.ERROR);
      expect(each.attributes['error.type']).toBe('RangeError');
      expect(each.events.map(({ name }) => name)).toEqual(['exception']);
    }
    const setAside = spans().filter(({ name }) => name.startsWith(`publish ${bench.queue}.`));
    expect(setAside.map(({ name }) => name)).toEqual([
      `publish ${bench.queue}.retry.1`,
      `publish ${bench.queue}.retry.2`,
      `publish ${bench.queue}.retry.3`,
      `publish ${bench.queue}.dead`,
    ]);
    expect(setAside.map((each) => each.parentSpanContext?.spanId)).toEqual(
      processed.map((each) => each.spanContext().spanId),
    );
    expect(setAside.map(({ kind }) => kind)).toEqual(Array(4).fill(SpanKind.PRODUCER));
    const problems = lines.filter(({ level }) => level !== 'log');
    expect(problems.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'warn message will be retried',
      'warn message will be retried',
      'warn message will be retried',
      'error message dead-lettered',
    ]);

    const dead = await deadLettered();
    expect(dead.body).toEqual({ id: '1' });
    expect(dead.messageId).toBe(created.attributes['messaging.message.id']);
    const { traceId, spanId } = created.spanContext();
    expect(dead.headers).toMatchObject({
      __typeid__: 'Shipment',
      traceparent: `00-${traceId}-${spanId}-01`,
      'x-b3-traceid': traceId,
      'x-b3-spanid': spanId,
      'x-sockshop-failures': 4,
      'x-sockshop-last-error': 'RangeError',
      'x-sockshop-failed-at': expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown, // typed any
    });
    expect(Object.keys(dead.headers).filter((name) => name.includes('death'))).toEqual([]);
  });

  it('succeeds at the second attempt without a trace of an error on it', async () => {
    const { bus, spans } = await bench.join('queue-master');
    bus.consume({ queue: bench.queue, retryDelaysMs: [20] }, ({ attempt }) =>
      attempt === 0 ? Promise.reject(new Error('first')) : Promise.resolve(),
    );
    await bus.publish(bench.target, { body: 1 });
    const processed = () => spans().filter(({ name }) => name === `process ${bench.queue}`);
    await until(() => processed().length === 2);
    // The second one may end first: a busy broker delivers the message again before it has confirmed that it took it.
    const outcomes = processed().map(({ attributes, status }) => [
      attributes['sockshop.message.attempt'],
      status.code,
    ]);
    expect(outcomes.sort()).toEqual([
      [0, SpanStatusCode.ERROR],
      [1, SpanStatusCode.UNSET],
    ]);
  });

  it('never dead-letters a message while something is unavailable, and still retries a failure afterwards', async () => {
    const { bus, span, spans } = await bench.join('queue-master');
    const unavailable = Object.assign(new Error('orders-db is unavailable'), { status: 503 });
    const seen: number[] = [];
    bus.consume({ queue: bench.queue, retryDelaysMs: [10, 20] }, ({ attempt }) => {
      seen.push(attempt);
      return Promise.reject(seen.length < 6 ? unavailable : new RangeError('broken'));
    });
    await bus.publish(bench.target, { body: 1 });
    await span(`publish ${bench.queue}.dead`);
    const setAside = spans().filter(({ name }) => name.startsWith(`publish ${bench.queue}.`));
    expect(setAside.map(({ name }) => name.replace(`publish ${bench.queue}.`, ''))).toEqual([
      'retry.1',
      ...Array<string>(5).fill('retry.2'),
      'dead',
    ]);
    expect(seen).toEqual([0, 1, 1, 1, 1, 1, 2]);
  });

  it('dead-letters a poison message at once', async () => {
    const { bus, spans } = await bench.join('queue-master');
    bus.consume({ queue: bench.queue }, () => {
      throw new PoisonMessageError('no id');
    });
    await bus.publish(bench.target, { body: {} });
    const dead = await deadLettered();
    expect(dead.headers['x-sockshop-last-error']).toBe('poison_message');
    expect(spans().filter(({ name }) => name.includes('.retry.'))).toEqual([]);
  });

  it.each([
    ['broken JSON', '{"id":', 'application/json'],
    ['an empty body', '', 'application/json'],
    ['plain text', '{"id":"1"}', 'text/plain'],
    ['no content type', '{"id":"1"}', undefined],
  ])('parks %s and goes on with the next message', async (_what, content, contentType) => {
    const { bus, span, lines } = await bench.join('queue-master');
    const inbox = new Inbox<IncomingMessage>();
    bus.consume({ queue: bench.queue, prefetch: 1 }, inbox.put);
    await bus.publish(bench.target, { body: 'before' });
    const typed = contentType === undefined ? {} : { contentType };
    await bench.broker.sendRaw({ queue: bench.queue, content, ...typed });
    await bus.publish(bench.target, { body: 'after' });
    expect((await inbox.next()).body).toBe('before');
    expect((await inbox.next()).body).toBe('after');
    const { attributes } = await span(`publish ${bench.queue}.dead`);
    expect(attributes['messaging.destination.name']).toBe(`${bench.queue}.dead`);
    await until(() => lines.some(({ message }) => message === 'message dead-lettered'));
  });

  it.each(['application/json;charset=utf-8', 'application/json; charset=UTF-8', 'text/x-json'])(
    'takes %s from a sender without type header or trace, and begins a new trace',
    async (contentType) => {
      const { bus, span } = await bench.join('queue-master');
      const inbox = new Inbox<IncomingMessage>();
      bus.consume({ queue: bench.queue }, inbox.put);
      const content = '{"id":"1","name":"2","more":true}';
      await bench.broker.sendRaw({ queue: bench.queue, content, contentType });
      expect((await inbox.next()).body).toEqual({ id: '1', name: '2', more: true });
      const processed = await span(`process ${bench.queue}`);
      expect(processed.parentSpanContext).toBeUndefined();
      expect(processed.links).toEqual([]);
      expect(processed.attributes).not.toHaveProperty('messaging.message.id');
    },
  );

  it('joins the trace of a foreign client whose B3 headers are bytes', async () => {
    const { bus, span } = await bench.join('queue-master');
    bus.consume({ queue: bench.queue }, () => Promise.resolve());
    await bench.broker.sendRaw({
      queue: bench.queue,
      content: '{}',
      contentType: 'application/json',
      headers: {
        'X-B3-TraceId': Buffer.from('463ac35c9f6413ad48485a3953bb6124'),
        'X-B3-SpanId': Buffer.from('a2fb4a1d1a96d312'),
        'X-B3-Sampled': Buffer.from('1'),
      },
    });
    const processed = await span(`process ${bench.queue}`);
    expect(processed.spanContext().traceId).toBe('463ac35c9f6413ad48485a3953bb6124');
    expect(processed.parentSpanContext?.spanId).toBe('a2fb4a1d1a96d312');
    expect(processed.links.map((link) => link.context.spanId)).toEqual(['a2fb4a1d1a96d312']);
  });

  it('lets a handler that still runs while it closes publish', async () => {
    const leaving = await bench.join('queue-master');
    const started = new Inbox<IncomingMessage>();
    const mayFinish = Promise.withResolvers<undefined>();
    leaving.bus.consume({ queue: bench.queue, prefetch: 1 }, async ({ body, ...message }) => {
      if (body === 'last words') return;
      await started.put({ body, ...message });
      await mayFinish.promise;
      await leaving.bus.publish(bench.target, { body: 'last words' });
    });
    const shipping = await bench.join('shipping');
    await shipping.bus.publish(bench.target, { body: 'running' });
    await started.next();
    const closed = leaving.bus.close();
    mayFinish.resolve(undefined);
    await closed;
    const inbox = new Inbox<IncomingMessage>();
    shipping.bus.consume({ queue: bench.queue }, inbox.put);
    expect(await inbox.next()).toMatchObject({ body: 'last words', attempt: 0 });
  });

  it('lets running handlers finish on close, and accepts no new message', async () => {
    const leaving = await bench.join('queue-master');
    const started = new Inbox<IncomingMessage>();
    const mayFinish = Promise.withResolvers<undefined>();
    leaving.bus.consume({ queue: bench.queue, prefetch: 1 }, async (message) => {
      await started.put(message);
      await mayFinish.promise;
    });
    const shipping = await bench.join('shipping');
    await shipping.bus.publish(bench.target, { body: 'running' });
    await shipping.bus.publish(bench.target, { body: 'waiting' });
    await started.next();
    const closed = leaving.bus.close();
    mayFinish.resolve(undefined);
    await closed;
    expect(started.all.map(({ body }) => body)).toEqual(['running']);
    await leaving.span(`ack ${bench.queue}`);
    const inbox = new Inbox<IncomingMessage>();
    shipping.bus.consume({ queue: bench.queue }, inbox.put);
    expect((await inbox.next()).body).toBe('waiting');
    expect(inbox.all).toHaveLength(1);
  });

  it('gives a message that a closing consumer did not finish to the next, in the same trace', async () => {
    const leaving = await bench.join('queue-master', { drainTimeoutMs: 20 });
    const started = new Inbox<IncomingMessage>();
    const never = Promise.withResolvers<undefined>();
    leaving.bus.consume({ queue: bench.queue }, async (message) => {
      await started.put(message);
      await never.promise;
    });
    const shipping = await bench.join('shipping');
    await shipping.bus.publish(bench.target, { body: 1 });
    const first = await started.next();
    await leaving.bus.close();
    expect(leaving.lines.at(-1)).toEqual({
      level: 'warn',
      message: 'messages left unfinished',
      fields: { running: 1 },
    });
    const inbox = new Inbox<IncomingMessage>();
    const next = await bench.join('queue-master');
    next.bus.consume({ queue: bench.queue }, inbox.put);
    const second = await inbox.next();
    expect(second).toEqual({ ...first, attempt: 1 });
    const processed = await next.span(`process ${bench.queue}`);
    const published = await shipping.span(`publish ${bench.queue}`);
    expect(processed.parentSpanContext?.spanId).toBe(published.spanContext().spanId);
    expect(processed.attributes['sockshop.message.attempt']).toBe(1);
    never.resolve(undefined); // too late: its acknowledgement changes nothing
    await until(() => leaving.lines.at(-1)?.message === 'message will be delivered again');
  });

  it('is healthy while open, and rejects everything once closed', async () => {
    const { bus, span } = await bench.join('shipping');
    await bus.ping();
    await bus.close();
    await bus.close();
    await expect(bus.ping()).rejects.toMatchObject({ status: 503 });
    await expect(bus.publish(bench.target, { body: 1 })).rejects.toMatchObject({
      reason: 'closed',
      status: 503,
    });
    expect((await span(`publish ${bench.queue}`)).status.code).toBe(SpanStatusCode.ERROR);
  });

  async function deadLettered(): Promise<IncomingMessage> {
    const dead = `${bench.queue}.dead`;
    const topology = { queues: [{ name: dead, durable: true }] };
    const { bus } = await bench.join('inspector', { topology });
    const inbox = new Inbox<IncomingMessage>();
    bus.consume({ queue: dead, retryDelaysMs: [] }, inbox.put);
    return inbox.next();
  }
}
