import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServiceUnderTest } from '@sockshop/service-testing';
import { Neighbours } from './neighbours.ts';
import { COLOURFUL, onEachStore, placedOf } from './orders-suite.ts';
import { placeOrder, startOrders } from './running-orders.ts';

onEachStore((context) => {
  const { shop, service } = context;

  it('documents all of its routes, and no others, in OpenAPI 3.1', async () => {
    expect(await service.documented.faults()).toEqual([]);
    expect(service.documented.routes()).toEqual([...service.routes].sort());
  });

  it('DELETE /orders/{id} answers 204 once, then 404', async () => {
    const placed = await placedOf(await placeOrder(service, shop.customer(COLOURFUL).request));
    const response = await service.send('DELETE', `/orders/${placed.id}`);
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
    expect((await service.send('GET', `/orders/${placed.id}`)).status).toBe(404);
    expect((await service.send('DELETE', `/orders/${placed.id}`)).status).toBe(404);
    expect((await service.send('DELETE', '/orders/xyz')).status).toBe(404);
  });

  it('answers 404 to other paths and 405 with allow to other methods', async () => {
    expect((await service.send('GET', '/nosuch')).status).toBe(404);
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const wrong = await service.send(method, '/orders');
      expect(wrong.status).toBe(405);
      expect(wrong.headers.get('allow')).toBe('GET, HEAD, POST');
    }
    const wrong = await service.send('PATCH', '/orders/1', {});
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toBe('DELETE, GET, HEAD');
  });

  // Here the original showed links to its parts, its environment and a browser for them.
  it.each(['/', '/profile', '/profile/orders', '/browser/index.html', '/env', '/beans'])(
    'GET %s answers 404',
    async (path) => {
      const response = await service.send('GET', path);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ status: 404, error: 'Not Found', path });
    },
  );

  it.each([
    ['PUT', '/orders/1', 'DELETE, GET, HEAD'],
    ['POST', '/orders/search/customerId', 'GET, HEAD'],
  ])('%s %s answers 405 with allow', async (method, path, allow) => {
    const response = await service.send(method, path, {});
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allow);
  });

  it('GET /livez and /readyz answer 200', async () => {
    expect((await service.send('GET', '/livez')).status).toBe(200);
    expect((await service.send('GET', '/readyz')).status).toBe(200);
  });

  it('GET /metrics answers 200 and counts requests under the names of the original and of OpenTelemetry, refusals too', async () => {
    await placeOrder(service, shop.customer(COLOURFUL).request);
    await placeOrder(service, shop.customer().request);
    const response = await service.send('GET', '/metrics');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    for (const status of [201, 406]) {
      expect(text).toMatch(
        new RegExp(
          `^request_duration_seconds_count\\{service="orders",method="POST",status_code="${status}",route="/orders"\\} \\d+$`,
          'm',
        ),
      );
      expect(text).toMatch(
        new RegExp(
          `^http_server_request_duration_seconds_count\\{http_request_method="POST",http_route="/orders",http_response_status_code="${status}",url_scheme="http"\\} \\d+$`,
          'm',
        ),
      );
    }
  });

  it('GET /health answers 200 in the shape of the original', async () => {
    const response = await service.send('GET', '/health');
    expect(response.status).toBe(200);
    const date = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(await response.json()).toEqual({
      health: [
        { service: 'orders', status: 'OK', date },
        { service: 'orders-db', status: 'OK', date },
      ],
    });
  });
});

describe('orders with ALLOW_EMPTY_ORDERS', () => {
  it('POST /orders answers 201 to an empty cart: shipping alone', async () => {
    const shop = await new Neighbours().listen();
    const service = await startOrders({
      ...shop.env,
      DATABASE_URL: 'sqlite::memory:',
      ALLOW_EMPTY_ORDERS: 'true',
    });
    const response = await placeOrder(service, shop.customer().request);
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ items: [], total: 4.99, status: 'SHIPPING' });
    await service.close();
    await shop.close();
  });
});

describe('orders while its database is unavailable', () => {
  const shop = new Neighbours();
  let service: ServiceUnderTest;
  beforeAll(async () => {
    await shop.listen();
    const env = { ...shop.env, DATABASE_URL: 'mongodb://127.0.0.1:1/data' };
    service = await startOrders(env, false);
  });
  afterAll(async () => {
    await service.close();
    await shop.close();
  });

  it('answers 503 with retry-after to every route that needs it', async () => {
    for (const response of [
      await placeOrder(service, shop.customer(COLOURFUL).request),
      await placeOrder(service, shop.customer(COLOURFUL).request, 'key'),
      await service.send('GET', '/orders'),
      await service.send('GET', '/orders/000000000000000000000000'),
      await service.send('GET', '/orders/search/customerId?custId=1'),
      await service.send('DELETE', '/orders/000000000000000000000000'),
    ]) {
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('1');
      expect(await response.json()).toMatchObject({
        message: 'orders-db is not available at the moment',
      });
    }
    expect(shop.payment.received).toEqual([]);
  });

  it('answers a search with an empty list beside the problem: an original front-end ends without one', async () => {
    for (const path of [
      '/orders/search/customerId?custId=1',
      '/orders/search/customerId/?sort=date',
    ]) {
      const response = await service.send('GET', path);
      expect(await response.json()).toMatchObject({
        status: 503,
        _embedded: { customerOrders: [] },
      });
    }
    const one = await service.send('GET', '/orders/000000000000000000000000');
    expect(await one.json()).not.toHaveProperty('_embedded');
  });

  it('reports it in GET /health (200) and GET /readyz (503), and stays alive', async () => {
    const health = (await (await service.send('GET', '/health')).json()) as {
      health: { status: string }[];
    };
    expect(health.health.map((entry) => entry.status)).toEqual(['OK', 'err']);
    expect((await service.send('GET', '/readyz')).status).toBe(503);
    expect((await service.send('GET', '/livez')).status).toBe(200);
  });
});
