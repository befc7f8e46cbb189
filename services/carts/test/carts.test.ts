import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServiceUnderTest } from '@sockshop/service-testing';
import { ended } from '@sockshop/testing';
import { onEachStore, SOCK, startCarts } from './carts-suite.ts';

onEachStore((context) => {
  const { service, send, add, quantities } = context;

  it('documents all of its routes, and no other, in OpenAPI 3.1', async () => {
    expect(await service.documented.faults()).toEqual([]);
    expect(service.documented.routes()).toEqual([...service.routes].sort());
  });

  it('loses no line when 50 clients share one cart, deleting and adding', async () => {
    const rounds = Array.from({ length: 50 }, async (_, index) => {
      const statuses = [(await send('DELETE', context.cart)).status, (await add(SOCK)).status];
      if (index % 2 === 0) statuses.push((await send('GET', `${context.cart}/items`)).status);
      return statuses;
    });
    const statuses = (await Promise.all(rounds)).flat();
    expect([...new Set(statuses)].sort()).toEqual([200, 201, 202]);
    await send('DELETE', context.cart);
    await add(SOCK);
    expect(await quantities()).toEqual({ [SOCK]: 1 });
  });

  // Here the original showed all customers' lines, its links and its environment.
  it.each(['/carts', '/items', '/items/1', '/', '/profile', '/browser', '/env', '/beans'])(
    'GET %s answers 404',
    async (path) => {
      expect((await send('GET', path)).status).toBe(404);
    },
  );

  it.each([
    ['POST', '', 'DELETE, GET, HEAD'],
    ['PUT', '/items', 'GET, HEAD, PATCH, POST'],
    ['DELETE', '/items', 'GET, HEAD, PATCH, POST'],
    ['PUT', '/items/1', 'DELETE, GET, HEAD'],
    ['POST', '/merge', 'GET, HEAD'],
    ['GET', '/take', 'POST'],
  ])('%s /carts/{c}%s answers 405 with allow', async (method, part, allow) => {
    const wrong = await send(method, `${context.cart}${part}`);
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toBe(allow);
    expect(await wrong.json()).toMatchObject({ status: 405, error: 'Method Not Allowed' });
  });

  it('GET /health answers 200 in the shape of the original', async () => {
    const response = await send('GET', '/health');
    expect(response.status).toBe(200);
    const date = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(await response.json()).toEqual({
      health: [
        { service: 'carts', status: 'OK', date },
        { service: 'carts-db', status: 'OK', date },
      ],
    });
  });

  it('GET /livez and /readyz answer 200', async () => {
    expect((await send('GET', '/livez')).status).toBe(200);
    expect((await send('GET', '/readyz')).status).toBe(200);
  });

  it('GET /metrics answers 200 and counts requests under the names of the original and of OpenTelemetry', async () => {
    await add(SOCK);
    const response = await send('GET', '/metrics');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    expect(text).toMatch(
      /^request_duration_seconds_count\{service="carts",method="POST",status_code="201",route="\/carts\/\{customerId\}\/items"\} \d+$/m,
    );
    expect(text).toMatch(
      /^http_server_request_duration_seconds_count\{http_request_method="POST",http_route="\/carts\/\{customerId\}\/items",http_response_status_code="201",url_scheme="http"\} \d+$/m,
    );
  });

  it('makes one store span under the SERVER span of an add', async () => {
    service.spans.reset();
    await add(SOCK);
    const [store, server, ...more] = await ended(service.spans, 2);
    expect(more).toEqual([]);
    expect(server?.name).toBe('POST /carts/{customerId}/items');
    expect(store?.parentSpanContext?.spanId).toBe(server?.spanContext().spanId);
    expect(store?.attributes['db.collection.name']).toBe('cart_item');
  });
});

describe('carts while its database is unavailable', () => {
  let service: ServiceUnderTest;
  const send: ServiceUnderTest['send'] = (...request) => service.send(...request);
  beforeAll(async () => {
    service = await startCarts('mongodb://127.0.0.1:1/data');
  });
  afterAll(() => service.close());

  it('answers 503 with retry-after on every route that needs it', async () => {
    const line = { itemId: SOCK, unitPrice: 18, quantity: 1 };
    for (const response of [
      await send('GET', '/carts/1/items'),
      await send('GET', `/carts/1/items/${SOCK}`),
      await send('POST', '/carts/1/items', line),
      await send('PATCH', '/carts/1/items', line),
      await send('DELETE', `/carts/1/items/${SOCK}`),
      await send('DELETE', '/carts/1'),
      await send('GET', '/carts/1/merge?sessionId=2'),
      await send('POST', '/carts/1/take', { orderId: '1', items: [line] }),
    ]) {
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('1');
      expect(await response.json()).toMatchObject({
        message: 'carts-db is not available at the moment',
      });
    }
  });

  it('reports it in GET /health (200) and GET /readyz (503), and keeps running', async () => {
    const health = (await (await send('GET', '/health')).json()) as {
      health: { status: string }[];
    };
    expect(health.health.map((entry) => entry.status)).toEqual(['OK', 'err']);
    expect((await send('GET', '/readyz')).status).toBe(503);
    expect((await send('GET', '/livez')).status).toBe(200);
  });
});
