import { SpanKind } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { ServiceUnderTest } from '@sockshop/service-testing';
import { until } from '@sockshop/testing';
import { rabbitmq } from '@sockshop/testing/real-servers';
import { ShipmentEventsPublisher } from '../src/shipment-events.publisher.ts';
import { shipmentsLogged, startQueueMaster } from './running-queue-master.ts';
import { Shop } from './shop.ts';

const TYPE = 'works.weave.socks.shipping.entities.Shipment';
const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown; // typed any
const name = '57a98d98e4b00679b4a830b2';

describe('queue-master on the bus inside the process', () => {
  contract(() => `memory:${randomUUID()}`, 'in_memory');
});

rabbitmq.suite('queue-master on RabbitMQ', () => {
  contract(() => rabbitmq.url, 'rabbitmq');
});

describe('queue-master without a broker', () => {
  it('documents all of its routes, and no other, in OpenAPI 3.1', async () => {
    const queueMaster = await startQueueMaster({ RABBITMQ_URL: 'amqp://127.0.0.1:1' });
    expect(await queueMaster.documented.faults()).toEqual([]);
    expect(queueMaster.documented.routes()).toEqual([...queueMaster.routes].sort());
    await queueMaster.close();
  });

  it('starts; GET /health answers 200 with err, GET /readyz 503, GET /livez and /prometheus 200', async () => {
    const env = { RABBITMQ_URL: 'amqp://guest:guest@127.0.0.1:1' };
    const queueMaster = await startQueueMaster(env);
    const response = await queueMaster.fetch('/health');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      health: [
        { service: 'queue-master', status: 'OK', date: isoTime },
        { service: 'queue-master-rabbitmq', status: 'err', date: isoTime },
      ],
    });
    expect(await queueMaster.status('/readyz')).toBe(503);
    expect(await queueMaster.status('/livez')).toBe(200);
    expect(await queueMaster.status('/prometheus')).toBe(200);
    await queueMaster.close();
  });
});

function contract(busUrl: () => string, system: string): void {
  const running: ServiceUnderTest[] = [];
  let shop: Shop;
  let id: string;

  const start = async (env: Record<string, string> = {}): Promise<ServiceUnderTest> => {
    const queueMaster = await startQueueMaster({ ...shop.env, ...env });
    running.push(queueMaster);
    await queueMaster.ready();
    return queueMaster;
  };
  const sendTask = (shipmentId: string): Promise<void> =>
    shop.send({ body: { id: shipmentId, name }, correlationId: shipmentId });
  beforeEach(async () => {
    shop = await Shop.at(busUrl());
    id = shop.newId();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await Promise.all(running.splice(0).map((queueMaster) => queueMaster.close()));
    await shop.close();
  });

  it('ships, publishes the event, and logs the id but not the customer', async () => {
    const events = shop.events();
    const queueMaster = await start();
    const before = Date.now();
    await sendTask(id);
    const [event, ...more] = await events.about(id);
    expect(more).toEqual([]);
    expect(event?.body).toEqual({ id, name, shippedAt: isoTime });
    const { shippedAt } = event?.body as { shippedAt: string };
    expect(Date.parse(shippedAt)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(shippedAt)).toBeLessThanOrEqual(Date.now());
    expect(event?.correlationId).toBe(id);
    await until(() => queueMaster.logged('shipped').length === 1);
    expect(shipmentsLogged(queueMaster, 'Received shipment task')).toEqual([id]);
    expect(queueMaster.lines.join('')).not.toContain(name);
  });

  it('shows the user name of the baggage in its log lines and on its span, and passes it on', async () => {
    const events = shop.events();
    const queueMaster = await start();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const baggage = 'user-name=5f2c0e9a77d1,session.id=visit';
    await shop.sendWithin(traceparent, { body: { id, name }, correlationId: id }, { baggage });
    const [event] = await events.about(id);
    expect(event?.headers['baggage']).toBe(baggage);
    await until(() => queueMaster.logged('shipped').length === 1);
    const lines = queueMaster.lines.filter((line) => line.includes(id));
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({ 'user-name': '5f2c0e9a77d1' });
      expect(line).not.toContain('session.id');
    }
    const consumers = () =>
      queueMaster.spans.getFinishedSpans().filter(({ kind }) => kind === SpanKind.CONSUMER);
    await until(() => consumers().length === 1);
    expect(consumers()[0]?.attributes).toMatchObject({
      'user-name': '5f2c0e9a77d1',
      'session.id': 'visit',
    });
  });

  it.each([
    ['with the type of the original', { __TypeId__: TYPE }, { name }, { name }],
    ['without a type', {}, { name }, { name }],
    ['with unknown fields', {}, { name, weight: 3, items: [{}] }, { name }],
    ['without a name', { __TypeId__: TYPE }, {}, {}],
    ['with name null', { __TypeId__: TYPE }, { name: null }, { name: null }],
  ])('handles a shipment %s', async (_case, headers, fields, published) => {
    const events = shop.events();
    await start();
    await shop.send({ body: { id, ...fields }, headers });
    const [event] = await events.about(id);
    expect(event?.body).toEqual({ id, ...published, shippedAt: isoTime });
  });

  it("handles a shipment from the original's exchange", async () => {
    const events = shop.events();
    await start(); // declares the binding
    await shop.send({ body: { id, name } }, 'shipping-task-exchange');
    expect((await events.about(id)).map(({ body }) => body)).toEqual([
      { id, name, shippedAt: isoTime },
    ]);
  });

  it.each([
    ['of an unknown type', { id: 'a', name }, { __TypeId__: 'works.weave.socks.Parcel' }],
    ['without an id', { name }, {}],
    ['with id null', { id: null, name }, {}],
    ['with a number for an id', { id: 7, name }, {}],
    ['with an id of 86 characters', { id: 'x'.repeat(86), name }, {}],
    ['that is a list', [], {}],
    ['that is a text', 'shipment', {}],
  ])('dead-letters a message %s unchanged, and goes on', async (_case, body, headers) => {
    const events = shop.events();
    const dead = shop.deadLettered();
    const queueMaster = await start();
    const correlationId = randomUUID();
    await shop.send({ body, headers, correlationId });
    const [message] = await dead.about(correlationId);
    expect(message?.body).toEqual(body);
    expect(message?.headers).toMatchObject({ 'x-sockshop-last-error': 'poison_message' });
    await sendTask(id);
    await events.about(id);
    expect(shipmentsLogged(queueMaster, 'Received shipment task')).toEqual([id]);
    expect(await queueMaster.status('/readyz')).toBe(200);
  });

  it('handles at most SHIPPING_PREFETCH shipments at a time', async () => {
    const queueMaster = await start({ SHIPPING_PREFETCH: '3', SHIPPING_DURATION_MS: '20' });
    const ids = Array.from({ length: 9 }, () => shop.newId());
    await Promise.all(ids.map(sendTask));
    await until(() => queueMaster.logged('shipped').length === 9);
    let underWay = 0;
    let most = 0;
    for (const { message } of queueMaster.logged()) {
      if (message === 'Received shipment task') most = Math.max(most, ++underWay);
      if (message === 'shipped') underWay--;
    }
    expect(most).toBe(3);
    expect(new Set(shipmentsLogged(queueMaster, 'shipped'))).toEqual(new Set(ids));
  });

  it('ships again after publishing failed, and logs "shipped" only once the event is published', async () => {
    const events = shop.events();
    const queueMaster = await start();
    jest
      .spyOn(ShipmentEventsPublisher.prototype, 'shipped')
      .mockRejectedValueOnce(new Error('the broker did not confirm'));
    await sendTask(id);
    expect(await events.about(id)).toHaveLength(1);
    await until(() => queueMaster.logged('shipped').length === 1);
    expect(shipmentsLogged(queueMaster, 'Received shipment task')).toEqual([id, id]);
  });

  it("works in the sender's trace and publishes the event under the CONSUMER span", async () => {
    const traceId = randomUUID().replaceAll('-', '');
    const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
    const queueMaster = await start();
    await shop.sendWithin(traceparent, { body: { id, name }, correlationId: id });
    const spans = await queueMaster.trace(traceId, 4);
    const [producer] = shop.spans.getFinishedSpans();
    const named = new Map(spans.map((span) => [span.name, span]));
    const consumer = named.get(`process ${shop.queue}`);
    expect([...named.keys()].sort()).toEqual([
      `ack ${shop.queue}`,
      `process ${shop.queue}`,
      'publish shipment-events:shipment.shipped',
      'ship',
    ]);
    expect(consumer?.kind).toBe(SpanKind.CONSUMER);
    expect(consumer?.parentSpanContext?.spanId).toBe(producer?.spanContext().spanId);
    expect(consumer?.links.map((link) => link.context.spanId)).toEqual([
      producer?.spanContext().spanId,
    ]);
    expect(consumer?.attributes).toMatchObject({
      'messaging.system': system,
      'messaging.operation.type': 'process',
      'messaging.destination.name': shop.queue,
      'messaging.message.conversation_id': id,
    });
    const kinds = spans
      .filter((span) => span !== consumer)
      .map((span) => [span.name.split(' ')[0], span.kind, span.parentSpanContext?.spanId]);
    const parent = consumer?.spanContext().spanId;
    expect(kinds).toEqual([
      ['ship', SpanKind.INTERNAL, parent],
      ['publish', SpanKind.PRODUCER, parent],
      ['ack', SpanKind.CLIENT, parent],
    ]);
  });

  it('finishes the running shipment on shutdown and leaves the next one in the queue', async () => {
    const events = shop.events();
    const first = await start({ SHIPPING_DURATION_MS: '300', SHIPPING_PREFETCH: '1' });
    await sendTask(id);
    const waiting = shop.newId();
    await sendTask(waiting);
    await until(() => first.logged('Received shipment task').length === 1);
    await first.close();
    expect(shipmentsLogged(first, 'Received shipment task')).toEqual([id]);
    expect(shipmentsLogged(first, 'shipped')).toEqual([id]);
    expect(await events.about(id)).toHaveLength(1);
    const second = await start();
    await events.about(waiting);
    expect(shipmentsLogged(second, 'Received shipment task')).toEqual([waiting]);
  });

  it('GET /health has the shape of the original', async () => {
    const queueMaster = await start();
    const response = await queueMaster.fetch('/health');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      health: [
        { service: 'queue-master', status: 'OK', date: isoTime },
        { service: 'queue-master-rabbitmq', status: 'OK', date: isoTime },
      ],
    });
    expect(await queueMaster.status('/livez')).toBe(200);
    expect(await queueMaster.status('/nosuch')).toBe(404);
  });

  it.each(['/health', '/prometheus', '/metrics', '/livez', '/readyz'])(
    'POST %s answers 405',
    async (path) => {
      const response = await (await start()).fetch(path, { method: 'POST' });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('GET, HEAD');
      expect(await response.json()).toMatchObject({
        status: 405,
        error: 'Method Not Allowed',
        path,
        timestamp: expect.any(Number),
      });
    },
  );

  it.each(['/prometheus', '/metrics'])('GET %s answers text for Prometheus', async (path) => {
    const events = shop.events();
    const queueMaster = await start();
    await sendTask(id);
    await events.about(id);
    await until(() => queueMaster.logged('shipped').length === 1);
    const response = await queueMaster.fetch(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    expect(text).toMatch(
      /^request_duration_seconds_count\{service="queue-master",method="GET",status_code="200",route="\/readyz"\} \d+$/m,
    );
    expect(text).toContain(`messaging_destination_name="shipment-events:shipment.shipped"`);
  });
}
