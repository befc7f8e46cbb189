import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { Telemetry } from '@sockshop/telemetry';
import { connect } from 'node:net';
import type { ServiceUnderTest } from '@sockshop/service-testing';
import { type Answer, until, withoutIds } from '@sockshop/testing';
import type { OrderItem } from '../src/order.ts';
import type { OrderStore } from '../src/order-store.ts';
import { ADDRESS, CARD, hex, NAMES, Neighbours } from './neighbours.ts';
import { placeOrder, startOrders } from './running-orders.ts';
import { ADAPTERS, anOrder, openStore } from './stores.ts';

jest.setTimeout(30_000);

const HOLY = { itemId: '3395a43e-2d88-40de-b95f-e00e1502085b', quantity: 1, unitPrice: 18 };
const DATE = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
const ID = expect.stringMatching(/^[\da-f]{24}$/);
const UUID = expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
const MASKED = { longNum: '************5918', expires: '08/19', ccv: '***' };
/** What a caller must send, as the message says it. */
const LINKS: Record<string, string> = {
  customer: 'http://user/customers/57a98d98e4b00679b4a830b2',
  address: 'http://user/addresses/57a98d98e4b00679b4a830b0',
  card: 'http://user/cards/57a98d98e4b00679b4a830b1',
  items: 'http://carts/carts/57a98d98e4b00679b4a830b2/items',
};
const INVALID = 'Invalid order request. Order requires customer, address, card and items.';

interface Placed {
  id: string;
  total: number;
  status: string;
  message: string;
}
interface List {
  _embedded: { customerOrders: { total: number; _links: { self: { href: string } } }[] };
  _links: Record<string, { href: string }>;
  page: object;
}
const placedOf = async (response: Response) => (await response.json()) as Placed;
const listOf = async (response: Response) => (await response.json()) as List;

for (const { name, suite, url } of ADAPTERS) {
  suite(`orders on ${name}`, () => {
    const shop = new Neighbours();
    let service: ServiceUnderTest;
    let store: OrderStore;

    beforeAll(async () => {
      await shop.listen();
      const databaseUrl = url();
      service = await startOrders({ ...shop.env, DATABASE_URL: databaseUrl });
      store = await openStore(databaseUrl, await Telemetry.start('test'));
    });
    afterAll(async () => {
      await service.close();
      await store.close();
      await shop.close();
    });
    beforeEach(() => {
      shop.reset();
    });

    const problem = (status: number, error: string, message: string) => ({
      type: 'about:blank',
      title: error,
      status,
      detail: message,
      message,
      instance: '/orders',
      trace_id: expect.stringMatching(/^[\da-f]{32}$/),
      timestamp: expect.any(Number),
      error,
      path: '/orders',
    });
    /** Ids of the orders that a customer sees. */
    const listed = async (customerId: string): Promise<string[]> => {
      const list = await listOf(
        await service.send('GET', `/orders/search/customerId?custId=${customerId}`),
      );
      return list._embedded.customerOrders.map((each) => each._links.self.href);
    };

    it('documents all of its routes, and no others, in OpenAPI 3.1', async () => {
      expect(await service.documented.faults()).toEqual([]);
      expect(service.documented.routes()).toEqual([...service.routes].sort());
    });

    describe('POST /orders', () => {
      it('answers 201 with the order in the shape of the original, status and history beside it', async () => {
        const { id, cart, request: body } = shop.customer(HOLY);
        const response = await placeOrder(service, body);
        expect(response.status).toBe(201);
        expect(response.headers.get('content-type')).toBe('application/hal+json;charset=UTF-8');
        expect(await response.json()).toEqual({
          id: ID,
          customerId: id,
          customer: { id: null, ...NAMES, addresses: [], cards: [] },
          address: { id: null, ...ADDRESS },
          card: { id: null, ...MASKED },
          items: [{ id: cart[0]?.id, ...HOLY }],
          shipment: { id: UUID, name: id },
          date: DATE,
          subtotal: 18,
          shipping: 4.99,
          total: 22.99,
          status: 'SHIPPING',
          history: [
            { status: 'CREATED', at: DATE },
            { status: 'PAID', at: DATE },
            { status: 'SHIPPING', at: DATE },
          ],
        });
      });

      it('answers 201 as application/json where Accept says so', async () => {
        const { request: body } = shop.customer(HOLY);
        const headers = { accept: 'application/json' };
        const response = await service.send('POST', '/orders', body, headers);
        expect(response.status).toBe(201);
        expect(response.headers.get('content-type')).toBe('application/json;charset=UTF-8');
      });

      it('reads from user and carts, sends the amount to payment and the shipment to shipping, and takes the lines from the cart', async () => {
        const { id, request: body } = shop.customer(HOLY);
        const order = (await (await placeOrder(service, body)).json()) as Record<string, unknown>;
        expect(shop.user.received.map(({ path }) => path).sort()).toEqual([
          '/addresses/57a98d98e4b00679b4a830b0',
          '/cards/57a98d98e4b00679b4a830b1',
          `/customers/${id}`,
        ]);
        for (const { headers } of shop.user.received)
          expect(headers['accept']).toBe('application/hal+json');
        expect(shop.cart.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
          `GET /carts/${id}/items`,
          `POST /carts/${id}/take`,
        ]);
        expect(shop.cart.received[0]?.headers['accept']).toBe('application/json');
        const { id: lineId, itemId, quantity } = (order['items'] as OrderItem[])[0]!;
        expect(lineId).toMatch(/./);
        expect(shop.cart.received[1]?.body).toEqual({
          orderId: order['id'],
          items: [{ id: lineId, itemId, quantity }],
        });
        expect(shop.payment.received).toMatchObject([
          { path: '/paymentAuth', headers: { 'idempotency-key': order['id'] } },
        ]);
        expect(shop.payment.received[0]?.body).toEqual({
          address: { id: null, ...ADDRESS },
          card: { id: null, ...MASKED },
          customer: { id: null, ...NAMES, addresses: [], cards: [] },
          amount: 22.99,
        });
        expect(shop.shipping.received).toMatchObject([{ method: 'POST', path: '/shipping' }]);
        expect(shop.shipping.received[0]?.body).toEqual(order['shipment']);
        expect(shop.carts.get(id)).toEqual([]);
      });

      it('answers 201 and takes as many pieces of each line as were ordered', async () => {
        const lines = [
          { itemId: 'a', quantity: 3, unitPrice: 1 },
          { itemId: 'b', quantity: 7, unitPrice: 2 },
        ];
        const { id, request: body } = shop.customer(...lines);
        const order = await placedOf(await placeOrder(service, body));
        expect(shop.cart.received.at(-1)).toMatchObject({ path: `/carts/${id}/take` });
        expect(shop.cart.received.at(-1)?.body).toMatchObject({
          orderId: order.id,
          items: lines.map(({ itemId, quantity }) => ({ itemId, quantity })),
        });
      });

      it('answers 201 and stores the card masked and without the ccv', async () => {
        const order = await placedOf(await placeOrder(service, shop.customer(HOLY).request));
        expect((await store.byId(order.id))?.card).toEqual(MASKED);
      });

      it('answers 201 and leaves lines in the cart that were added after it was read', async () => {
        const { id, request: body } = shop.customer(HOLY);
        shop.payment.instead = () => {
          shop.carts.get(id)?.push({ id: hex(), itemId: 'late', quantity: 1, unitPrice: 1 });
          return { status: 200, body: { authorised: true } };
        };
        expect((await placeOrder(service, body)).status).toBe(201);
        expect(shop.carts.get(id)).toMatchObject([{ itemId: 'late', quantity: 1 }]);
      });

      it.each([
        ['3 × 17.15', [{ itemId: 'a', quantity: 3, unitPrice: 17.15 }], 56.44],
        [
          '3 × 17.15 with the dust of a 32-bit float',
          [{ itemId: 'a', quantity: 3, unitPrice: 17.149999618530273 }],
          56.44,
        ],
        [
          'sums that are no binary fractions',
          [
            { itemId: 'a', quantity: 1, unitPrice: 0.1 },
            { itemId: 'b', quantity: 1, unitPrice: 0.2 },
          ],
          5.29,
        ],
        ['100.01, exactly the limit of payment', [{ ...HOLY, unitPrice: 100.01 }], 105],
      ])('answers 201 with the total of %s and 4.99', async (_what, lines, total) => {
        const response = await placeOrder(service, shop.customer(...lines).request);
        expect(response.status).toBe(201);
        const order = await placedOf(response);
        expect(order.total).toBe(total);
        expect(shop.payment.received[0]?.body).toMatchObject({ amount: total });
        expect((await store.byId(order.id))?.total).toBe(total);
      });

      it('answers 201 to an authorisation without a message, and when shipping answers 200', async () => {
        shop.payment.instead = () => ({ status: 200, body: { authorised: true } });
        shop.shipping.instead = ({ body }) => ({ status: 200, body });
        const response = await placeOrder(service, shop.customer(HOLY).request);
        expect(response.status).toBe(201);
        expect((await placedOf(response)).status).toBe('SHIPPING');
      });

      it.each([
        'http://user/customers/%',
        'http://user/customers/other.%/',
        'http://user:80/customers/%?x#y',
      ])('answers 201 with the customer id out of the self link %s', async (link) => {
        const own = hex();
        const { request: body } = shop.customer(HOLY);
        const self = { href: link.replace('%', own).replace('?x#y', '') };
        shop.user.instead = ({ path }): Answer => {
          if (path.startsWith('/customers'))
            return { status: 200, body: { ...NAMES, _links: { self } } };
          return { status: 200, body: path.startsWith('/cards') ? CARD : ADDRESS };
        };
        const response = await placeOrder(service, body);
        expect(response.status).toBe(201);
        expect(await response.json()).toMatchObject({
          customerId: own,
          shipment: { name: own },
        });
      });

      it('answers 201 and deletes line by line where carts does not know take', async () => {
        shop.cartsWithoutTake = true;
        const other = { itemId: 'sock-b', quantity: 2, unitPrice: 7 };
        const { id, request: body } = shop.customer(HOLY, other);
        shop.shipping.instead = (call) => {
          shop.carts.get(id)?.shift(); // a line that is gone already does no harm
          return { status: 201, body: call.body };
        };
        const order = await placedOf(await placeOrder(service, body));
        expect(order.status).toBe('SHIPPING');
        expect(shop.carts.get(id)).toEqual([]);
        expect(shop.cart.received.slice(2).map(({ method, path }) => `${method} ${path}`)).toEqual([
          `DELETE /carts/${id}/items/${HOLY.itemId}`,
          `DELETE /carts/${id}/items/sock-b`,
        ]);
        expect(await store.byId(order.id)).toMatchObject({ cartTaken: true });
      });

      it('answers 406 with the message of payment when it declines, and the order is in no list', async () => {
        const { id, cart, request: body } = shop.customer({ ...HOLY, unitPrice: 100.02 });
        const response = await placeOrder(service, body);
        expect(response.status).toBe(406);
        expect(response.headers.get('content-type')).toBe(
          'application/problem+json; charset=utf-8',
        );
        const message = 'Payment declined: amount exceeds 105.00';
        expect(await response.json()).toEqual(problem(406, 'Not Acceptable', message));
        expect(await listed(id)).toEqual([]);
        expect(shop.carts.get(id)).toEqual(cart);
        expect(shop.shipping.received).toEqual([]);
      });

      it('answers 406 with its own message when payment declines without one', async () => {
        shop.payment.instead = () => ({ status: 200, body: { authorised: false } });
        const response = await placeOrder(service, shop.customer(HOLY).request);
        expect(response.status).toBe(406);
        expect((await placedOf(response)).message).toBe('Payment declined');
      });

      it.each(['customer', 'address', 'card', 'items'])(
        'answers 406 when %s is missing, null or empty',
        async (part) => {
          const { request: body } = shop.customer(HOLY);
          for (const value of [undefined, null, '']) {
            const response = await placeOrder(service, { ...body, [part]: value });
            expect(response.status).toBe(406);
            expect(await response.json()).toEqual(problem(406, 'Not Acceptable', INVALID));
          }
          expect(shop.user.received).toEqual([]);
        },
      );

      it.each([
        ['customer', 'http://user/customers/nosuch'],
        ['address', 'http://user/addresses/nosuch'],
        ['card', 'http://user/cards/nosuch'],
      ])('answers 406 when user has no such %s', async (part, link) => {
        const { request: body } = shop.customer(HOLY);
        const response = await placeOrder(service, { ...body, [part]: link });
        expect(response.status).toBe(406);
        expect((await placedOf(response)).message).toBe(INVALID);
        expect(shop.payment.received).toEqual([]);
      });

      it.each([
        [400, { message: 'Invalid Id Hex' }],
        [500, { error: 'not found', status_code: 500, status_text: 'Internal Server Error' }],
        [500, { error: 'Invalid Id Hex', status_code: 500, status_text: 'Internal Server Error' }],
      ])('answers 406 when user says %d %j, as the original did', async (status, answer) => {
        const { request: body } = shop.customer(HOLY);
        shop.user.instead = ({ path }) =>
          path.startsWith('/addresses') ? { status, body: answer } : shop.document(path);
        expect((await placeOrder(service, body)).status).toBe(406);
      });

      it('answers 406 to an empty cart', async () => {
        const response = await placeOrder(service, shop.customer().request);
        expect(response.status).toBe(406);
        const message = 'Invalid order request. The cart is empty.';
        expect(await response.json()).toEqual(problem(406, 'Not Acceptable', message));
        expect(shop.payment.received).toEqual([]);
      });

      it.each([
        ['broken JSON', '{"customer":'],
        ['a number for a link', '{"customer":5}'],
        ['an empty body', ''],
        ['a list', '[]'],
      ])('answers 400 to %s', async (_what, body) => {
        const response = await placeOrder(service, body);
        expect(response.status).toBe(400);
        expect(await response.json()).toMatchObject({ status: 400, path: '/orders' });
      });

      it.each([
        ['customer', 'no link'],
        ['customer', 'http://user/cards/1'],
        ['customer', 'http://user/customers/1/../../admin'],
        ['customer', 'http://user/customers/1/cards'],
        ['customer', 'http://user/customers/%ff'],
        ['customer', 'file:///etc/passwd'],
        ['address', 'http://169.254.169.254/latest/meta-data'],
        ['card', 'http://user/cards/'],
        ['items', 'http://carts/carts/1'],
      ])('answers 400 when %s is %s, and fetches nothing', async (part, link) => {
        const response = await placeOrder(service, {
          ...shop.customer(HOLY).request,
          [part]: link,
        });
        expect(response.status).toBe(400);
        const message = `${part} must be a link like ${LINKS[part]}`;
        expect(await response.json()).toEqual(problem(400, 'Bad Request', message));
        expect([...shop.user.received, ...shop.cart.received]).toEqual([]);
      });

      it('answers 201 and asks its own user service whatever the host in a link', async () => {
        const stranger = await new Neighbours().listen();
        const { id, request: body } = shop.customer(HOLY);
        const customer = `${stranger.user.url}/customers/${id}`;
        expect((await placeOrder(service, { ...body, customer })).status).toBe(201);
        expect(stranger.user.received).toEqual([]);
        expect(shop.user.received.length).toBe(3);
        await stranger.close();
      });

      it.each(['', 'x'.repeat(201)])('answers 400 to the idempotency key %p', async (key) => {
        expect((await placeOrder(service, shop.customer(HOLY).request, key)).status).toBe(400);
      });

      it.each([
        ['a form', 'application/x-www-form-urlencoded'],
        ['text', 'text/plain'],
      ])('answers 415 to %s', async (_what, type) => {
        const headers = { 'content-type': type };
        const response = await service.send('POST', '/orders', 'customer=1', headers);
        expect(response.status).toBe(415);
      });

      it.each([
        ['user', 'user', 'answers 500', { status: 500, body: 'oops' }],
        ['user', 'user', 'answers 403', { status: 403 }],
        ['user', 'user', 'answers without a self link', { status: 200, body: NAMES }],
        ['cart', 'carts', 'answers 500', { status: 500 }],
        ['cart', 'carts', 'answers no list', { status: 200, body: {} }],
        ['payment', 'payment', 'answers 500', { status: 500 }],
        ['payment', 'payment', 'answers 400', { status: 400 }],
        ['payment', 'payment', 'answers no JSON', { status: 200, body: 'yes' }],
        ['payment', 'payment', 'answers without authorised', { status: 200, body: {} }],
      ] as const)(
        'answers 503 with retry-after when %s (%s) %s, and nothing is ordered',
        async (who, upstream, _what, answer) => {
          const { id, cart, request: body } = shop.customer(HOLY);
          shop[who].instead = () => answer;
          const response = await placeOrder(service, body);
          expect(response.status).toBe(503);
          expect(response.headers.get('retry-after')).toBe('1');
          expect((await placedOf(response)).message).toMatch(new RegExp(`^${upstream} `));
          expect(await listed(id)).toEqual([]);
          expect(shop.carts.get(id)).toEqual(cart);
          expect(shop.shipping.received).toEqual([]);
        },
      );
    });

    describe('GET /orders', () => {
      it('answers 200 with placed orders without ids, links with the host that was asked', async () => {
        const { id, request: body } = shop.customer(HOLY);
        const placed = await placedOf(await placeOrder(service, body));
        const response = await get(service, '/orders?size=1&sort=date,desc', 'orders');
        expect(response.status).toBe(200);
        expect(response.type).toBe('application/hal+json;charset=UTF-8');
        const list = response.body as List;
        const self = { href: `http://orders/orders/${placed.id}` };
        expect(list._embedded).toEqual({
          customerOrders: [
            {
              customerId: id,
              customer: { ...NAMES, addresses: [], cards: [] },
              address: ADDRESS,
              card: MASKED,
              items: [HOLY],
              shipment: { name: id },
              date: DATE,
              subtotal: 18,
              shipping: 4.99,
              total: 22.99,
              status: 'SHIPPING',
              history: [
                { status: 'CREATED', at: DATE },
                { status: 'PAID', at: DATE },
                { status: 'SHIPPING', at: DATE },
              ],
              _links: { self, order: self },
            },
          ],
        });
        expect(list._links).toMatchObject({
          self: { href: 'http://orders/orders' },
          profile: { href: 'http://orders/profile/orders' },
          search: { href: 'http://orders/orders/search' },
        });
      });

      it('answers 200 as application/json where Accept says so', async () => {
        const response = await service.send('GET', '/orders', undefined, {
          accept: 'application/json',
        });
        expect(response.headers.get('content-type')).toBe('application/json;charset=UTF-8');
      });

      describe('on a store with three orders', () => {
        let three: ServiceUnderTest;
        const totals = [30, 10, 20];
        beforeAll(async () => {
          const databaseUrl = url();
          three = await startOrders({ ...shop.env, DATABASE_URL: databaseUrl });
          const filled = await openStore(databaseUrl, await Telemetry.start('test'));
          for (const total of totals) {
            const order = anOrder({ total, date: new Date(Date.UTC(2026, 0, total)) });
            await filled.insert(order, undefined);
            await filled.advance(order.id, 'PAID', new Date());
          }
          await filled.insert(anOrder({ total: 99 }), undefined); // not placed yet
          await filled.close();
        });
        afterAll(() => three.close());

        const page = async (query: string) => {
          const { body } = await get(three, `/orders${query}`, 'orders');
          const list = body as List;
          return {
            totals: list._embedded.customerOrders.map(({ total }) => total),
            page: list.page,
            links: Object.fromEntries(
              Object.entries(list._links).map(([rel, { href }]) => [
                rel,
                href.replace('http://orders', ''),
              ]),
            ),
          };
        };
        const links = {
          self: '/orders',
          profile: '/profile/orders',
          search: '/orders/search',
        };

        it('answers 200 with all on one page, oldest first, and no links to other pages', async () => {
          const { totals: found, page: numbers, links: to } = await page('');
          expect(found).toEqual([10, 20, 30]);
          expect(numbers).toEqual({ size: 20, totalElements: 3, totalPages: 1, number: 0 });
          expect(to).toEqual(links);
        });

        it.each([
          ['date', [10, 20, 30]],
          ['date,asc', [10, 20, 30]],
          ['date,desc', [30, 20, 10]],
          ['whatever', [10, 20, 30]],
        ])('answers 200 sorted by %s', async (sort, expected) => {
          expect((await page(`?sort=${sort}`)).totals).toEqual(expected);
        });

        const at = (number: number) => `/orders?page=${number}&size=1`;
        it.each([
          [0, [10], { first: at(0), next: at(1), last: at(2) }],
          [1, [20], { first: at(0), prev: at(0), next: at(2), last: at(2) }],
          [2, [30], { first: at(0), prev: at(1), last: at(2) }],
          [9, [], { first: at(0), prev: at(2), last: at(2) }],
        ])(
          'answers 200 with page %d of size 1 and links to its neighbours',
          async (number, expected, to) => {
            expect(await page(`?page=${number}&size=1`)).toEqual({
              totals: expected,
              page: { size: 1, totalElements: 3, totalPages: 3, number },
              links: { ...links, ...to },
            });
          },
        );

        it('answers 200 with links that keep the sorting', async () => {
          const { links: to } = await page('?size=2&sort=date,desc');
          expect(to['next']).toBe('/orders?page=1&size=2&sort=date%2Cdesc');
          expect((await page(to['next']!.replace('/orders', ''))).totals).toEqual([10]);
        });
      });

      it.each(['page=-1', 'page=x', 'size=0', 'size=1001', 'page=1.5', 'page=1e300'])(
        'answers 400 to %s',
        async (query) => {
          expect((await service.send('GET', `/orders?${query}`)).status).toBe(400);
        },
      );
    });

    describe('GET /orders/{id}', () => {
      it('answers 200 with the order as in lists', async () => {
        const { id, request: body } = shop.customer(HOLY);
        const placed = await placedOf(await placeOrder(service, body));
        const response = await get(service, `/orders/${placed.id}`, 'shop.example:8080');
        expect(response.status).toBe(200);
        expect(response.type).toBe('application/hal+json;charset=UTF-8');
        const self = { href: `http://shop.example:8080/orders/${placed.id}` };
        expect(response.body).toMatchObject({
          customerId: id,
          card: MASKED,
          items: [HOLY],
          _links: { self, order: self },
        });
        expect(response.body).not.toHaveProperty('id');
      });

      it.each(['xyz', '000000000000000000000000'])('answers 404 to %s', async (id) => {
        const response = await service.send('GET', `/orders/${id}`);
        expect(response.status).toBe(404);
        expect(await response.json()).toMatchObject({ status: 404, message: 'no such order' });
      });
    });

    describe('GET /orders/search', () => {
      it('answers 200 with the only search', async () => {
        const { status, body } = await get(service, '/orders/search', 'orders');
        expect(status).toBe(200);
        expect(body).toEqual({
          _links: {
            findByCustomerId: {
              href: 'http://orders/orders/search/customerId{?custId}',
              templated: true,
            },
            self: { href: 'http://orders/orders/search' },
          },
        });
      });

      it('/customerId answers 200 with the orders of one customer; self is what was asked', async () => {
        const { id, request: body } = shop.customer(HOLY);
        const first = await placedOf(await placeOrder(service, body));
        shop.carts.set(id, [{ id: hex(), ...HOLY }]);
        const second = await placedOf(await placeOrder(service, body));
        await placeOrder(service, shop.customer(HOLY).request);
        const path = `/orders/search/customerId?sort=date&custId=${id}`;
        const { status, body: found } = await get(service, path, 'orders');
        expect(status).toBe(200);
        const { _embedded, _links } = found as List;
        const ids = _embedded.customerOrders.map((order) => order._links.self.href);
        expect(ids).toEqual([first, second].map((each) => `http://orders/orders/${each.id}`));
        expect(_links).toEqual({ self: { href: `http://orders${path}` } });
      });

      it.each(['', '?custId=nobody', '?custId='])(
        '/customerId%s answers 200 with an empty list',
        async (query) => {
          const response = await service.send('GET', `/orders/search/customerId${query}`);
          expect(response.status).toBe(200);
          expect((await listOf(response))._embedded).toEqual({ customerOrders: [] });
        },
      );

      it('/{other} answers 404', async () => {
        expect((await service.send('GET', '/orders/search/nosuch')).status).toBe(404);
      });
    });

    it('DELETE /orders/{id} answers 204 once, then 404', async () => {
      const placed = await placedOf(await placeOrder(service, shop.customer(HOLY).request));
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

    // The original showed links to its parts, its environment and a browser for all of it there.
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
      await placeOrder(service, shop.customer(HOLY).request);
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

    describe('the trace of POST /orders', () => {
      it('holds every call and every step of the store under one SERVER span', async () => {
        const { request: body } = shop.customer(HOLY);
        service.spans.reset();
        const traceId = '0af7651916cd43dd8448eb211c80319c';
        const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
        const order = await placedOf(await service.send('POST', '/orders', body, headers));
        const finished = () => service.spans.getFinishedSpans();
        await until(() => finished().some((span) => span.kind === SpanKind.SERVER));
        const server = finished().find((span) => span.kind === SpanKind.SERVER)!;
        expect(server.name).toBe('POST /orders');
        expect(server.attributes['sockshop.order.id']).toBe(order.id);
        const children = finished().filter((span) => span !== server);
        for (const span of children) {
          expect(span.spanContext().traceId).toBe(traceId);
          expect(span.parentSpanContext?.spanId).toBe(server.spanContext().spanId);
        }
        const [calls, steps] = [true, false].map((isCall) =>
          children.filter((span) => 'http.request.method' in span.attributes === isCall),
        );
        expect(calls?.every((span) => span.kind === SpanKind.CLIENT)).toBe(true);
        expect(calls?.map((span) => span.name).sort()).toEqual([
          'GET /addresses/{id}',
          'GET /cards/{id}',
          'GET /carts/{id}/items',
          'GET /customers/{id}',
          'POST /carts/{id}/take',
          'POST /paymentAuth',
          'POST /shipping',
        ]);
        const onMongo = ['insert', 'findAndModify', 'findAndModify'];
        const onSqlite = ['INSERT', 'UPDATE', 'UPDATE'];
        expect(steps?.map((span) => span.attributes['db.operation.name'])).toEqual(
          name === 'MongoDB' ? onMongo : onSqlite,
        );
        for (const neighbour of [shop.user, shop.cart, shop.payment, shop.shipping]) {
          for (const call of neighbour.received)
            expect(call.headers['traceparent']).toContain(traceId);
        }
      });

      it('and the log contain no card number and no ccv, whatever fails', async () => {
        const canary = { longNum: '4929000000008831', expires: '08/19', ccv: '7193' };
        const card = JSON.stringify(canary);
        service.spans.reset();
        service.lines.length = 0;
        for (const answer of [card, `${card}!`, card.slice(0, 20), card.replace(':"', ':x')]) {
          shop.user.instead = ({ path }) => ({
            status: 200,
            body: path.startsWith('/cards')
              ? answer
              : { ...NAMES, ...ADDRESS, _links: { self: { href: 'http://user/customers/1' } } },
          });
          await placeOrder(service, shop.customer(HOLY).request);
        }
        shop.user.instead = () => ({ status: 500, body: card });
        await placeOrder(service, shop.customer(HOLY).request);
        await until(
          () =>
            service.spans.getFinishedSpans().filter((span) => span.kind === SpanKind.SERVER)
              .length === 5,
        );
        const spans = service.spans
          .getFinishedSpans()
          .map(({ name: title, attributes, events, status }) =>
            JSON.stringify({ title, attributes, events, status }),
          );
        expect(service.lines.some((line) => line.includes('order placed'))).toBe(true);
        const leaks = [...spans, ...service.lines].filter((text) =>
          /49290|08831|7193/.test(withoutIds(text)),
        );
        expect(leaks).toEqual([]);
      });

      it('is completed when the caller hangs up', async () => {
        service.lines.length = 0;
        const { id, request: body } = shop.customer(HOLY);
        const text = JSON.stringify(body);
        const { hostname, port } = new URL(service.url);
        const socket = connect(Number(port), hostname);
        shop.payment.instead = () => {
          socket.destroy();
          return { status: 200, body: { authorised: true } };
        };
        socket.write(
          `POST /orders HTTP/1.1\r\nhost: orders\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`,
        );
        await until(async () => (await listed(id)).length === 1);
        await until(() => shop.carts.get(id)?.length === 0);
        expect(service.lines.filter((line) => line.includes('"error"'))).toEqual([]);
      });
    });
  });
}

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
      await placeOrder(service, shop.customer(HOLY).request),
      await placeOrder(service, shop.customer(HOLY).request, 'key'),
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

  it('reports it in GET /health (200) and GET /readyz (503), and stays alive', async () => {
    const health = (await (await service.send('GET', '/health')).json()) as {
      health: { status: string }[];
    };
    expect(health.health.map((entry) => entry.status)).toEqual(['OK', 'err']);
    expect((await service.send('GET', '/readyz')).status).toBe(503);
    expect((await service.send('GET', '/livez')).status).toBe(200);
  });
});

/** With a Host header of one's own, which fetch does not allow. */
async function get(service: ServiceUnderTest, path: string, host: string) {
  const { hostname, port } = new URL(service.url);
  const socket = connect(Number(port), hostname);
  socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer); // no encoding was set
  const [head = '', text = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n');
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  const type = /^content-type: (.*)$/im.exec(head)?.[1]?.trim();
  const status = Number(head.split(' ')[1]);
  const response = new Response(text, { status, headers: { 'content-type': type ?? '' } });
  await service.documented.check('GET', service.url + path, response);
  return { status, type, body };
}
