import { SpanKind } from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServiceUnderTest } from '@sockshop/service-testing';
import { deleteQueues, rabbitmq } from '@sockshop/testing/real-servers';
import { connect } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { freshQueue, Receiver } from './brokers.ts';
import { postShipment, startShipping } from './running-shipping.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const id = '7f17d2a7-de8d-4cce-b117-d3b157a7b2b1';
const name = '57a98d98e4b00679b4a830b2';

describe('shipping on the bus inside the process', () => {
  contract(`memory:${randomUUID()}`, 'in_memory');
});

rabbitmq.suite('shipping on RabbitMQ', () => {
  contract(rabbitmq.url, 'rabbitmq');
});

describe('shipping without a broker', () => {
  let shipping: ServiceUnderTest;
  beforeAll(async () => {
    shipping = await startShipping({ RABBITMQ_URL: 'amqp://guest:guest@127.0.0.1:1' });
  });
  afterAll(() => shipping.close());

  it('documents all of its routes, and no other, in OpenAPI 3.1', async () => {
    expect(await shipping.documented.faults()).toEqual([]);
    expect(shipping.documented.routes()).toEqual([...shipping.routes].sort());
  });

  it('POST /shipping answers 503 with retry-after', async () => {
    const response = await postShipment(shipping, JSON.stringify({ id, name }));
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      detail: 'message broker unavailable: not connected',
      message: 'message broker unavailable: not connected',
      instance: '/shipping',
      trace_id: response.headers.get('x-trace-id'),
      timestamp: expect.any(Number),
      error: 'Service Unavailable',
      path: '/shipping',
    });
    expect(shipping.lines.join('')).not.toContain('shipment queued');
  });

  it('GET /health answers 200 with err, GET /readyz 503, GET /livez and /shipping 200', async () => {
    const response = await shipping.fetch('/health');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      health: [
        { service: 'shipping-rabbitmq', status: 'err', date: expect.any(String) },
        { service: 'shipping', status: 'OK', date: expect.any(String) },
      ],
    });
    expect(await shipping.status('/readyz')).toBe(503);
    expect(await shipping.status('/livez')).toBe(200);
    expect(await shipping.status('/shipping')).toBe(200);
  });
});

function contract(busUrl: string, system: string): void {
  const queue = freshQueue();
  let shipping: ServiceUnderTest;
  let receiver: Receiver;

  beforeAll(async () => {
    shipping = await startShipping({ RABBITMQ_URL: busUrl, SHIPPING_QUEUE: queue });
    receiver = await Receiver.at(busUrl, queue);
    await shipping.ready();
  });
  afterAll(async () => {
    await shipping.close();
    await receiver.close();
    if (system !== 'rabbitmq') return;
    const model = await connect(busUrl);
    await deleteQueues(await model.createChannel(), queue);
    await model.close();
  });

  describe('POST /shipping', () => {
    it.each([
      ['a shipment', { id, name }, { id, name }],
      ['a shipment without name', { id }, { id, name: '' }],
      ['explicit nulls', { id: null, name: null }, { id: null, name: null }],
      ['unknown fields', { weight: 3, name, id, _links: {} }, { id, name }],
      ['a foreign name and id', { id: 'nº 7', name: 'Zoë' }, { id: 'nº 7', name: 'Zoë' }],
    ])('answers 201 to %s and puts it on the queue', async (_case, body, shipment) => {
      const response = await postShipment(shipping, JSON.stringify(body));
      expect(response.status).toBe(201);
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(await response.text()).toBe(JSON.stringify(shipment));
      const message = await receiver.next();
      expect(message.body).toEqual(shipment);
      expect(message.headers['__typeid__']).toBe('works.weave.socks.shipping.entities.Shipment');
      expect(message.correlationId).toBe(shipment.id ?? undefined);
    });

    it('creates a random id when none is given', async () => {
      const shipments = await Promise.all(
        [1, 2].map(
          async () => (await postShipment(shipping, '{}')).json() as Promise<{ id: string }>,
        ),
      );
      for (const shipment of shipments) {
        expect(shipment).toEqual({ id: expect.stringMatching(uuid), name: '' });
      }
      expect(shipments[0]?.id).not.toBe(shipments[1]?.id);
      const queued = [(await receiver.next()).body, (await receiver.next()).body];
      expect(new Set(queued)).toEqual(new Set(shipments));
    });

    it('accepts JSON with a charset', async () => {
      const headers = { 'content-type': 'application/json;charset=UTF-8' };
      const response = await postShipment(shipping, JSON.stringify({ id, name }), headers);
      expect(response.status).toBe(201);
      expect((await receiver.next()).body).toEqual({ id, name });
    });

    it.each([
      ['broken JSON', '{"id":'],
      ['an empty body', ''],
      ['a list', '[]'],
      ['null', 'null'],
      ['a list for an id', '{"id":[7]}'],
      ['an object for a name', '{"name":{}}'],
      ['an id of 86 characters', JSON.stringify({ id: 'x'.repeat(86) })],
    ])('answers 400 to %s', async (_case, body) => {
      const response = await postShipment(shipping, body);
      expect(response.status).toBe(400);
      expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      const problem = (await response.json()) as Record<string, unknown>;
      expect(problem).toMatchObject({
        type: 'about:blank',
        title: 'Bad Request',
        status: 400,
        message: expect.any(String),
        instance: '/shipping',
        trace_id: response.headers.get('x-trace-id'),
        timestamp: expect.any(Number),
        error: 'Bad Request',
        path: '/shipping',
      });
    });

    it.each([
      ['{"id":7,"name":true}', { id: '7', name: 'true' }],
      ['{"id":"8","name":1.5}', { id: '8', name: '1.5' }],
    ])('answers 201 to %s with texts, as the original did', async (body, shipment) => {
      const response = await postShipment(shipping, body);
      expect([response.status, await response.json()]).toEqual([201, shipment]);
      expect((await receiver.next()).body).toEqual(shipment);
    });

    it.each(['application/x-www-form-urlencoded', 'text/plain', 'application/xml'])(
      'answers 415 to %s',
      async (type) => {
        const response = await postShipment(shipping, `id=${id}`, { 'content-type': type });
        expect(response.status).toBe(415);
        expect(await response.json()).toMatchObject({
          status: 415,
          error: 'Unsupported Media Type',
          path: '/shipping',
        });
      },
    );

    it("publishes in the caller's trace: PRODUCER under SERVER", async () => {
      const traceId = '0af7651916cd43dd8448eb211c80319c';
      const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
      const response = await postShipment(shipping, JSON.stringify({ id, name }), { traceparent });
      expect(response.headers.get('x-trace-id')).toBe(traceId);
      const { headers, messageId } = await receiver.next();
      const spans = await shipping.trace(traceId, 2);
      expect(spans.map((span) => span.name)).toEqual([`publish ${queue}`, 'POST /shipping']);
      const [producer, server] = spans;
      expect(server?.kind).toBe(SpanKind.SERVER);
      expect(server?.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
      expect(producer?.kind).toBe(SpanKind.PRODUCER);
      expect(producer?.parentSpanContext?.spanId).toBe(server?.spanContext().spanId);
      expect(producer?.attributes).toMatchObject({
        'messaging.system': system,
        'messaging.operation.name': 'publish',
        'messaging.operation.type': 'send',
        'messaging.destination.name': queue,
        'messaging.message.id': messageId,
        'messaging.message.conversation_id': id,
      });
      expect(headers['traceparent']).toBe(`00-${traceId}-${producer?.spanContext().spanId}-01`);
    });

    it("logs the shipment's id but not its customer", async () => {
      shipping.lines.length = 0;
      await postShipment(shipping, JSON.stringify({ id, name }));
      await receiver.next();
      expect(shipping.logged()).toEqual([
        expect.objectContaining({ message: 'shipment queued', shipmentId: id }),
      ]);
      expect(shipping.lines.join('')).not.toContain(name);
    });
  });

  it.each(['/shipping', `/shipping/${id}`, '/shipping/nosuch'])(
    'GET %s answers 200 with a text',
    async (path) => {
      const response = await shipping.fetch(path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
      expect(await response.text()).toMatch(/^Shipments go straight to the queue/);
    },
  );

  it('answers 404 to other paths and 405 to other methods', async () => {
    for (const path of ['/nosuch', '/', '/profile', '/browser/index.html', '/env']) {
      expect([path, await shipping.status(path)]).toEqual([path, 404]);
    }
    const wrong = await shipping.fetch('/shipping', { method: 'DELETE' });
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toBe('GET, HEAD, POST');
    await wrong.arrayBuffer();
  });

  it('GET /health names the broker first, as the original does', async () => {
    const response = await shipping.fetch('/health');
    expect(response.status).toBe(200);
    const date = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown; // typed any
    expect(await response.json()).toEqual({
      health: [
        { service: 'shipping-rabbitmq', status: 'OK', date },
        { service: 'shipping', status: 'OK', date },
      ],
    });
    expect(await shipping.status('/livez')).toBe(200);
    expect(await shipping.status('/readyz')).toBe(200);
  });

  it('GET /metrics counts requests under the names of the original and of OpenTelemetry', async () => {
    await (await postShipment(shipping, '{}')).arrayBuffer();
    await receiver.next();
    const text = await (await shipping.fetch('/metrics')).text();
    expect(text).toMatch(
      /^request_duration_seconds_count\{service="shipping",method="POST",status_code="201",route="\/shipping"\} \d+$/m,
    );
    expect(text).toMatch(
      /^http_server_request_duration_seconds_count\{http_request_method="POST",http_route="\/shipping",http_response_status_code="201",url_scheme="http"\} \d+$/m,
    );
  });
}
