import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FREE_PORT, ServiceUnderTest } from '@sockshop/service-testing';
import { ended } from '@sockshop/testing';
import { randomUUID } from 'node:crypto';
import { carts } from '../src/carts.module.ts';
import { CartsConfig } from '../src/config.ts';
import { ADAPTERS } from './stores.ts';

const SOCK = '3395a43e-2d88-40de-b95f-e00e1502085b';
const OTHER = '819e1fbf-8b7e-4f6d-811f-693534916a8b';

function startCarts(databaseUrl: string): Promise<ServiceUnderTest> {
  const config = CartsConfig.read({ ...FREE_PORT, DATABASE_URL: databaseUrl });
  return ServiceUnderTest.start(carts(config));
}

for (const { name, suite, url } of ADAPTERS) {
  suite(`carts on ${name}`, () => {
    let service: ServiceUnderTest;
    let cart: string;
    const send: ServiceUnderTest['send'] = (...request) => service.send(...request);

    beforeAll(async () => {
      service = await startCarts(url());
      await service.ready();
    });
    afterAll(() => service.close());
    beforeEach(() => {
      cart = `/carts/${randomUUID()}`;
    });

    const add = (itemId: string, quantity?: number, path = cart): Promise<Response> =>
      send('POST', `${path}/items`, { itemId, unitPrice: 18, ...(quantity && { quantity }) });
    const quantities = async (path = cart): Promise<Record<string, number>> => {
      const lines = (await (await send('GET', `${path}/items`)).json()) as {
        itemId: string;
        quantity: number;
      }[];
      return Object.fromEntries(lines.map((line) => [line.itemId, line.quantity]));
    };

    it('documents all of its routes, and no other, in OpenAPI 3.1', async () => {
      expect(await service.documented.faults()).toEqual([]);
      expect(service.documented.routes()).toEqual([...service.routes].sort());
    });

    it('GET /carts/{c} answers 200 with the customer id only', async () => {
      const response = await send('GET', '/carts/gold.1');
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ customerId: 'gold.1' });
    });

    it('GET /carts/{c}/items answers 200 with an empty array for an unknown cart', async () => {
      const response = await send('GET', `${cart}/items`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(await response.json()).toEqual([]);
    });

    it('POST /carts/{c}/items answers 201 with the line; quantity 1 by default, one more when repeated', async () => {
      const first = await add(SOCK);
      expect(first.status).toBe(201);
      const line = {
        id: expect.stringMatching(/^[\da-f]{24}$/),
        itemId: SOCK,
        quantity: 1,
        unitPrice: 18,
      };
      expect(await first.json()).toEqual(line);
      const second = await add(SOCK, 20);
      expect(second.status).toBe(201);
      expect(await second.json()).toEqual({ ...line, quantity: 2 });
    });

    it('POST /carts/{c}/items answers 201 and ignores unknown fields', async () => {
      const response = await send('POST', `${cart}/items`, {
        itemId: SOCK,
        unitPrice: 99,
        quantity: 20,
        x: 1,
      });
      expect(response.status).toBe(201);
      expect(await response.json()).toMatchObject({ itemId: SOCK, quantity: 20, unitPrice: 99 });
    });

    it.each([
      ['no itemId', { unitPrice: 18 }],
      ['an empty itemId', { itemId: '', unitPrice: 18 }],
      ['itemId null', { itemId: null, unitPrice: 18 }],
      ['no unitPrice', { itemId: SOCK }],
      ['text for a price', { itemId: SOCK, unitPrice: 'abc' }],
      ['a negative price', { itemId: SOCK, unitPrice: -1 }],
      ['quantity 0', { itemId: SOCK, unitPrice: 18, quantity: 0 }],
      ['quantity 1000', { itemId: SOCK, unitPrice: 18, quantity: 1000 }],
      ['quantity 1.5', { itemId: SOCK, unitPrice: 18, quantity: 1.5 }],
      ['broken JSON', '{"itemId":'],
    ])('POST /carts/{c}/items answers 400 to %s and stores nothing', async (_case, body) => {
      const response = await send('POST', `${cart}/items`, body);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        status: 400,
        error: 'Bad Request',
        path: `${cart}/items`,
      });
      expect(await quantities()).toEqual({});
    });

    it.each([
      ['POST', 'items'],
      ['PATCH', 'items'],
      ['POST', 'take'],
    ])('%s /carts/{c}/%s answers 415 to a form', async (method, part) => {
      const path = `${cart}/${part}`;
      const form = 'application/x-www-form-urlencoded';
      const response = await send(method, path, `itemId=${SOCK}`, { 'content-type': form });
      expect(response.status).toBe(415);
      expect(await response.json()).toMatchObject({
        status: 415,
        error: 'Unsupported Media Type',
        path,
        timestamp: expect.any(Number),
      });
    });

    it('POST /carts/{c}/items answers 409 to the piece after the 999th', async () => {
      await add(SOCK, 999);
      expect((await add(SOCK)).status).toBe(409);
      expect(await quantities()).toEqual({ [SOCK]: 999 });
    });

    it('GET /carts/{c}/items/{itemId} answers 200 with the line, 404 when it is not in the cart', async () => {
      await add(SOCK);
      const found = await send('GET', `${cart}/items/${SOCK}`);
      expect(found.status).toBe(200);
      expect(await found.json()).toMatchObject({ itemId: SOCK, quantity: 1, unitPrice: 18 });
      const missing = await send('GET', `${cart}/items/nosuch`);
      expect(missing.status).toBe(404);
      expect(await missing.json()).toMatchObject({
        status: 404,
        message: 'Cannot find item in cart',
      });
    });

    it('PATCH /carts/{c}/items answers 202 with no body and sets quantity and price', async () => {
      await add(SOCK);
      const response = await send('PATCH', `${cart}/items`, {
        itemId: SOCK,
        quantity: 7,
        unitPrice: 19,
      });
      expect(response.status).toBe(202);
      expect(await response.text()).toBe('');
      const lines = await (await send('GET', `${cart}/items`)).json();
      expect(lines).toEqual([
        expect.objectContaining({ itemId: SOCK, quantity: 7, unitPrice: 19 }),
      ]);
    });

    it('PATCH /carts/{c}/items answers 404 when the sock is not in the cart', async () => {
      const response = await send('PATCH', `${cart}/items`, { itemId: SOCK, quantity: 7 });
      expect(response.status).toBe(404);
    });

    it.each([0, -1, 1000, 1.5, null, '7'])(
      'PATCH /carts/{c}/items answers 400 to quantity %p',
      async (quantity) => {
        await add(SOCK);
        const response = await send('PATCH', `${cart}/items`, { itemId: SOCK, quantity });
        expect(response.status).toBe(400);
        expect(await quantities()).toEqual({ [SOCK]: 1 });
      },
    );

    it.each([
      ['no itemId', { quantity: 2 }],
      ['no quantity', { itemId: SOCK }],
      ['a negative price', { itemId: SOCK, quantity: 2, unitPrice: -1 }],
      ['text for a price', { itemId: SOCK, quantity: 2, unitPrice: 'abc' }],
      ['broken JSON', '{"itemId":'],
    ])('PATCH /carts/{c}/items answers 400 to %s and changes nothing', async (_case, body) => {
      await add(SOCK);
      expect((await send('PATCH', `${cart}/items`, body)).status).toBe(400);
      expect(await quantities()).toEqual({ [SOCK]: 1 });
    });

    it('DELETE /carts/{c}/items/{itemId} answers 202 once, then 404', async () => {
      await add(SOCK);
      await add(OTHER);
      const response = await send('DELETE', `${cart}/items/${SOCK}`);
      expect(response.status).toBe(202);
      expect(await response.text()).toBe('');
      expect(await quantities()).toEqual({ [OTHER]: 1 });
      expect((await send('DELETE', `${cart}/items/${SOCK}`)).status).toBe(404);
    });

    it('DELETE /carts/{c} answers 202 with no body, also for an unknown cart', async () => {
      await add(SOCK);
      for (const path of [cart, cart, '/carts/unknown']) {
        const response = await send('DELETE', path);
        expect(response.status).toBe(202);
        expect(await response.text()).toBe('');
      }
      expect(await quantities()).toEqual({});
    });

    describe('GET /carts/{c}/merge', () => {
      it('answers 202, adds up the quantities and empties the cart of the guest', async () => {
        const guest = `/carts/${randomUUID()}`;
        await add(SOCK);
        await add(SOCK, 2, guest);
        await add(OTHER, 7, guest);
        const response = await send('GET', `${cart}/merge?sessionId=${guest.slice(7)}`);
        expect(response.status).toBe(202);
        expect(await response.text()).toBe('');
        expect(await quantities()).toEqual({ [SOCK]: 3, [OTHER]: 7 });
        expect(await quantities(guest)).toEqual({});
      });

      it('answers 202 and changes nothing when repeated, for an unknown guest and for the cart itself', async () => {
        const line = await (await add(SOCK, 3)).json();
        for (const from of ['unknown', cart.slice(7), 'unknown']) {
          expect((await send('GET', `${cart}/merge?sessionId=${from}`)).status).toBe(202);
        }
        expect(await (await send('GET', `${cart}/items`)).json()).toEqual([line]);
      });

      it('adds up once when many merges run at the same time', async () => {
        const guest = `/carts/${randomUUID()}`;
        await add(SOCK, 2, guest);
        const merges = Array.from({ length: 10 }, () =>
          send('GET', `${cart}/merge?sessionId=${guest.slice(7)}`),
        );
        for (const response of await Promise.all(merges)) expect(response.status).toBe(202);
        expect(await quantities()).toEqual({ [SOCK]: 2 });
      });

      it.each(['', '?sessionId='])('answers 400 without sessionId: %p', async (query) => {
        const response = await send('GET', `${cart}/merge${query}`);
        expect(response.status).toBe(400);
        expect(await response.json()).toMatchObject({ status: 400, path: `${cart}/merge` });
      });
    });

    describe('POST /carts/{c}/take', () => {
      it('answers 202 and takes the lines of an order once; later pieces stay', async () => {
        await add(SOCK, 3);
        await add(OTHER);
        const order = { orderId: 'order-1', items: [{ itemId: SOCK, quantity: 2 }] };
        const response = await send('POST', `${cart}/take`, order);
        expect(response.status).toBe(202);
        expect(await quantities()).toEqual({ [SOCK]: 1, [OTHER]: 1 });
        await add(SOCK);
        await send('POST', `${cart}/take`, order);
        expect(await quantities()).toEqual({ [SOCK]: 2, [OTHER]: 1 });
      });

      it('answers 202 and leaves a line that was emptied and filled again since the order', async () => {
        const { id } = (await (await add(SOCK, 2)).json()) as { id: string };
        await send('DELETE', cart);
        await add(SOCK);
        const items = [{ id, itemId: SOCK, quantity: 2 }];
        const response = await send('POST', `${cart}/take`, { orderId: 'order-1', items });
        expect(response.status).toBe(202);
        expect(await quantities()).toEqual({ [SOCK]: 1 });
      });

      it.each([
        ['no orderId', { items: [] }],
        ['an empty orderId', { orderId: '', items: [] }],
        ['no items', { orderId: 'order-1' }],
        ['quantity 0', { orderId: 'order-1', items: [{ itemId: SOCK, quantity: 0 }] }],
        ['broken JSON', '{"orderId":'],
      ])('answers 400 to %s and takes nothing', async (_case, body) => {
        await add(SOCK);
        expect((await send('POST', `${cart}/take`, body)).status).toBe(400);
        expect(await quantities()).toEqual({ [SOCK]: 1 });
      });
    });

    it('loses no line when 50 clients share one cart, deleting and adding', async () => {
      const rounds = Array.from({ length: 50 }, async (_, index) => {
        const statuses = [(await send('DELETE', cart)).status, (await add(SOCK)).status];
        if (index % 2 === 0) statuses.push((await send('GET', `${cart}/items`)).status);
        return statuses;
      });
      const statuses = (await Promise.all(rounds)).flat();
      expect([...new Set(statuses)].sort()).toEqual([200, 201, 202]);
      await send('DELETE', cart);
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
      const wrong = await send(method, `${cart}${part}`);
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
}

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
