import { describe, expect, it } from '@jest/globals';
import { NAMES, Neighbours } from './neighbours.ts';
import { COLOURFUL, onEachStore, placedOf } from './orders-suite.ts';
import { placeOrder } from './running-orders.ts';

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
/** The links that a caller must send, as in the message. */
const LINKS: Record<string, string> = {
  customer: 'http://user/customers/57a98d98e4b00679b4a830b2',
  address: 'http://user/addresses/57a98d98e4b00679b4a830b0',
  card: 'http://user/cards/57a98d98e4b00679b4a830b1',
  items: 'http://carts/carts/57a98d98e4b00679b4a830b2/items',
};
const INVALID = 'Invalid order request. Order requires customer, address, card and items.';

onEachStore((context) => {
  const { shop, service } = context;

  describe('POST /orders', () => {
    it("answers 406 with payment's message when it declines, and the order is in no list", async () => {
      const { id, cart, request: body } = shop.customer({ ...COLOURFUL, unitPrice: 105.01 }); // too much without shipping, too
      const response = await placeOrder(service, body);
      expect(response.status).toBe(406);
      expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      const message = 'Payment declined: amount exceeds 105.00';
      expect(await response.json()).toEqual(problem(406, 'Not Acceptable', message));
      expect(await context.listed(id)).toEqual([]);
      expect(shop.carts.get(id)).toEqual(cart);
      expect(shop.shipping.received).toEqual([]);
    });

    it('answers 406 with its own message when payment declines without one', async () => {
      shop.payment.instead = () => ({ status: 200, body: { authorised: false } });
      const response = await placeOrder(service, shop.customer(COLOURFUL).request);
      expect(response.status).toBe(406);
      expect((await placedOf(response)).message).toBe('Payment declined');
    });

    it.each([1e308, 1e14])(
      'answers 406 to a cart of another carts service with a price of %d',
      async (unitPrice) => {
        const { request: body } = shop.customer({ ...COLOURFUL, unitPrice });
        const response = await placeOrder(service, body);
        const message = 'Invalid order request. The cart has no price that can be paid.';
        expect([response.status, await response.json()]).toEqual([
          406,
          problem(406, 'Not Acceptable', message),
        ]);
      },
    );

    it.each(['customer', 'address', 'card', 'items'])(
      'answers 406 when %s is missing, null or empty',
      async (part) => {
        const { request: body } = shop.customer(COLOURFUL);
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
      const { request: body } = shop.customer(COLOURFUL);
      const response = await placeOrder(service, { ...body, [part]: link });
      expect(response.status).toBe(406);
      expect((await placedOf(response)).message).toBe(INVALID);
      expect(shop.payment.received).toEqual([]);
    });

    it.each([
      [400, { message: 'Invalid Id Hex' }],
      [500, { error: 'not found', status_code: 500, status_text: 'Internal Server Error' }],
      [500, { error: 'Invalid Id Hex', status_code: 500, status_text: 'Internal Server Error' }],
    ])('answers 406 when user answers %d %j like the original', async (status, answer) => {
      const { request: body } = shop.customer(COLOURFUL);
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
    ])('answers 400 when %s is %s and fetches nothing', async (part, link) => {
      const response = await placeOrder(service, {
        ...shop.customer(COLOURFUL).request,
        [part]: link,
      });
      expect(response.status).toBe(400);
      const message = `${part} must be a link like ${LINKS[part]}`;
      expect(await response.json()).toEqual(problem(400, 'Bad Request', message));
      expect([...shop.user.received, ...shop.cart.received]).toEqual([]);
    });

    it('answers 201 and asks its own user service whatever the host in a link', async () => {
      const stranger = await new Neighbours().listen();
      const { id, request: body } = shop.customer(COLOURFUL);
      const customer = `${stranger.user.url}/customers/${id}`;
      expect((await placeOrder(service, { ...body, customer })).status).toBe(201);
      expect(stranger.user.received).toEqual([]);
      expect(shop.user.received.map(({ path }) => path)).toContain(`/customers/${id}`);
      await stranger.close();
    });

    it.each(['', 'x'.repeat(201)])('answers 400 to the idempotency key %p', async (key) => {
      expect((await placeOrder(service, shop.customer(COLOURFUL).request, key)).status).toBe(400);
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
        const { id, cart, request: body } = shop.customer(COLOURFUL);
        shop[who].instead = () => answer;
        const response = await placeOrder(service, body);
        expect(response.status).toBe(503);
        expect(response.headers.get('retry-after')).toBe('1');
        expect((await placedOf(response)).message).toMatch(new RegExp(`^${upstream} `));
        expect(await context.listed(id)).toEqual([]);
        expect(shop.carts.get(id)).toEqual(cart);
        expect(shop.shipping.received).toEqual([]);
      },
    );
  });
});
