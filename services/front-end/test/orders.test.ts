import { beforeEach, describe, expect, it } from '@jest/globals';
import type { CookieClient } from '@sockshop/testing';
import { problem, refused, frontEndSuite } from './running-front-end.ts';
import { customerDocument, INCOMPLETE, ORDER } from './shop-stand-ins.ts';

const MASKED = { id: 'c1', longNum: '************9678', expires: '08/19', ccv: '***' };

/** Eve has an address and a card, Ada has neither. */
describe('orders', () => {
  const { shop, frontEnd } = frontEndSuite();
  let eve: CookieClient;
  let ada: CookieClient;
  beforeEach(async () => {
    eve = await frontEnd.loggedIn();
    ada = await frontEnd.loggedIn('ada', 'secret');
  });

  const asked = () => shop.ordersServer.received.at(-1)!;

  describe('POST /orders', () => {
    it('answers 201 with the order, the card masked', async () => {
      await eve.post('/cart', { id: 'holy' });
      const response = await eve.post('/orders');
      expect(response.status).toBe(201);
      expect(await response.json()).toEqual({
        id: expect.any(String),
        ...ORDER,
        customerId: 'eve1',
        card: MASKED,
        items: [{ id: 'line-holy', itemId: 'holy', quantity: 1, unitPrice: 99.99 }],
      });
      expect(asked().body).toEqual({
        customer: 'http://user/customers/eve1',
        address: 'http://user/addresses/a1',
        card: 'http://user/cards/c1',
        items: `${shop.cartsServer.url}/carts/eve1/items`,
      });
      expect(asked().headers.accept).toBe('application/json');
    });

    it('asks user once', async () => {
      shop.userServer.received = [];
      expect((await eve.post('/orders')).status).toBe(201);
      expect(shop.userServer.received.map(({ url }) => url)).toEqual(['/customers/eve1?links=all']);
    });

    it('answers 201 also with an original user, which knows no such links', async () => {
      shop.userServer.instead = ({ url }) =>
        url.includes('?')
          ? { status: 200, body: customerDocument(shop.accounts.get('eve1')!) }
          : undefined;
      expect((await eve.post('/orders')).status).toBe(201);
      expect(asked().body).toMatchObject({
        address: 'http://user/addresses/a1',
        card: 'http://user/cards/c1',
      });
    });

    it('answers 201 where a link of user leads nowhere: the documents that there are decide', async () => {
      const gone = { ...shop.addresses.get('a1')!, id: 'a0' };
      shop.addresses = new Map([['a0', gone], ...shop.addresses]);
      shop.userServer.instead = ({ url }) => {
        if (!url.includes('?')) shop.addresses.delete('a0');
        return undefined;
      };
      shop.ordersServer.instead = ({ body }) =>
        String(body['address']).endsWith('a0')
          ? { status: 406, body: { status: 406, message: INCOMPLETE } }
          : undefined;
      expect((await eve.post('/orders')).status).toBe(201);
      expect(shop.ordersServer.received.map(({ body }) => body['address'])).toEqual([
        'http://user/addresses/a0',
        'http://user/addresses/a1',
      ]);
    });

    it('answers 201 with the first address and card of several', async () => {
      shop.addresses.set('a2', { ...shop.addresses.get('a1')!, id: 'a2' });
      shop.cards.set('c2', { ...shop.cards.get('c1')!, id: 'c2' });
      expect((await eve.post('/orders')).status).toBe(201);
      expect(asked().body).toMatchObject({
        address: 'http://user/addresses/a1',
        card: 'http://user/cards/c1',
      });
    });

    it('answers 201 with the chosen address and card', async () => {
      shop.addresses.set('a2', { ...shop.addresses.get('a1')!, id: 'a2' });
      shop.cards.set('c2', { ...shop.cards.get('c1')!, id: 'c2' });
      expect((await eve.post('/orders', { address: 'a2', card: 'c2' })).status).toBe(201);
      expect(asked().body).toMatchObject({
        address: 'http://user/addresses/a2',
        card: 'http://user/cards/c2',
      });
      expect((await eve.post('/orders', { card: 'c2' })).status).toBe(201);
      expect(asked().body).toMatchObject({
        address: 'http://user/addresses/a1',
        card: 'http://user/cards/c2',
      });
    });

    it.each([
      ['address', { address: 'a9' }],
      ['card', { card: 'c9' }],
    ])("answers 404 to another's %s, without asking orders", async (kind, choice) => {
      shop.addresses.set('a9', { ...shop.addresses.get('a1')!, id: 'a9', userID: 'ada1' });
      shop.cards.set('c9', { ...shop.cards.get('c1')!, id: 'c9', userID: 'ada1' });
      const response = await eve.post('/orders', choice);
      expect(await problem(response)).toEqual(refused(404, `no such ${kind}`));
      expect(shop.ordersServer.received).toEqual([]);
    });

    it.each([{ address: 7 }, { card: null }, { card: ['c1'] }])(
      'answers 400 to the malformed choice %j',
      async (choice) => {
        const response = await eve.post('/orders', choice);
        expect(response.status).toBe(400);
        expect(shop.ordersServer.received).toEqual([]);
      },
    );

    it.each([
      ['no body', undefined],
      ['an empty body labelled JSON', ''],
      ['an empty object', {}],
      ['a list', []],
      ['unknown fields', { anything: 'else' }],
    ])('answers 201 to %s', async (_case, body) => {
      const headers = body === undefined ? undefined : { 'content-type': 'application/json' };
      expect((await eve.post('/orders', body, headers)).status).toBe(201);
    });

    it('passes the idempotency key on, and none where none was sent', async () => {
      await eve.post('/orders', undefined, { 'idempotency-key': 'k-1' });
      expect(asked().headers['idempotency-key']).toBe('k-1');
      await eve.post('/orders');
      expect(asked().headers['idempotency-key']).toBeUndefined();
    });

    it('answers 401 to a guest, also to one with a forged cookie', async () => {
      const guest = frontEnd.browser();
      expect(await problem(await guest.post('/orders'))).toEqual(
        refused(401, 'User not logged in.'),
      );
      guest.cookies.set('logged_in', 'x');
      expect((await guest.post('/orders')).status).toBe(401);
      expect(shop.ordersServer.received).toEqual([]);
    });

    it('answers 401 when the account is gone', async () => {
      shop.accounts.delete('eve1');
      expect(await problem(await eve.post('/orders'))).toEqual(refused(401, 'User not logged in.'));
    });

    it('answers 406 without address and card, without asking orders', async () => {
      expect(await problem(await ada.post('/orders'))).toEqual(refused(406, INCOMPLETE));
      shop.addresses.set('a2', { ...shop.addresses.get('a1')!, id: 'a2', userID: 'ada1' });
      expect(await problem(await ada.post('/orders'))).toEqual(refused(406, INCOMPLETE));
      expect(shop.ordersServer.received).toEqual([]);
    });

    it.each([
      [406, { timestamp: 1, status: 406, error: 'Not Acceptable', message: 'Payment declined' }],
      [409, { status: 409, message: 'under way' }],
      [422, { status: 422, message: 'the key was used with another basket' }],
      [400, { status: 400, message: 'the key is too long' }],
      [503, { status: 503, message: 'payment cannot be reached' }],
    ])('answers %i with the body of orders', async (status, body) => {
      const headers = { 'retry-after': '3' };
      shop.ordersServer.instead = () => ({ status, body, headers });
      const response = await eve.post('/orders');
      expect(response.status).toBe(status);
      expect(response.headers.get('retry-after')).toBe('3');
      expect(await response.json()).toEqual(body);
    });

    it('answers 503 where orders fails or makes no sense', async () => {
      const message = 'Unable to create order due to unspecified IO error.';
      shop.ordersServer.instead = () => ({ status: 500, body: { status: 500, message } });
      const failed = await eve.post('/orders');
      expect(failed.headers.get('retry-after')).toBe('1');
      expect(await problem(failed)).toEqual(refused(503, 'orders answered with an error'));
      shop.ordersServer.instead = () => ({ status: 201, body: Buffer.from('<html>') });
      expect(await problem(await eve.post('/orders'))).toEqual(
        refused(503, 'orders gave an answer that cannot be read'),
      );
    });
  });

  describe('GET /orders', () => {
    it("answers 201 with the caller's own orders, cards masked", async () => {
      await eve.post('/orders');
      const response = await eve.get('/orders');
      expect(response.status).toBe(201);
      expect(await response.json()).toEqual([
        {
          ...ORDER,
          customerId: 'eve1',
          card: MASKED,
          items: [],
          _links: { self: { href: expect.stringMatching(/^http:\/\/orders\/orders\//) } },
        },
      ]);
      expect(asked().query.get('sort')).toBe('date');
      const others = await ada.get('/orders');
      expect(others.status).toBe(201);
      expect(await others.json()).toEqual([]);
    });

    describe('of many', () => {
      const many = Array.from({ length: 103 }, (_, index) => ({
        ...{ ...ORDER, customerId: 'eve1', card: MASKED, items: [] },
        _links: { self: { href: `http://orders/orders/${index}` } },
      }));
      const ids = async (response: Response) => {
        const list = (await response.json()) as { _links: { self: { href: string } } }[];
        return list.map(({ _links }) => Number(_links.self.href.split('/').at(-1)));
      };
      const numbers = (from: number, to: number) =>
        Array.from({ length: Math.abs(from - to) + 1 }, (_, index) =>
          from < to ? from + index : from - index,
        );

      it('answers 201 with the page of orders, and names the next one where there is one', async () => {
        const next = { href: 'http://orders/orders/search/customerId?page=3' };
        const answer = { _embedded: { customerOrders: many.slice(0, 5) }, page: {} };
        shop.ordersServer.instead = () => ({ status: 200, body: { ...answer, _links: { next } } });
        const middle = await eve.get('/orders?page=2&size=5');
        expect(await ids(middle)).toEqual(numbers(0, 4));
        expect(middle.headers.get('link')).toBe('</orders?page=3&size=5>; rel="next"');
        expect(Object.fromEntries(asked().query)).toEqual({
          ...{ sort: 'date,desc', custId: 'eve1' },
          ...{ page: '2', size: '5' },
        });
        shop.ordersServer.instead = () => ({ status: 200, body: { ...answer, _links: {} } });
        const last = await eve.get('/orders?page=20');
        expect(last.headers.get('link')).toBeNull();
        expect(asked().query.get('size')).toBe('20');
      });

      it('answers 201 without a page as orders does, and names the page of older ones', async () => {
        const _links = { next: { href: 'http://orders/orders/search/customerId?page=1' } };
        const body = { _embedded: { customerOrders: many.slice(3) }, _links };
        shop.ordersServer.instead = () => ({ status: 200, body });
        const response = await eve.get('/orders');
        expect(await ids(response)).toEqual(numbers(3, 102));
        expect(response.headers.get('link')).toBe('</orders?page=1&size=100>; rel="next"');
        expect(Object.fromEntries(asked().query)).toEqual({ sort: 'date', custId: 'eve1' });
      });

      it.each([
        ['', numbers(3, 102), '</orders?page=1&size=100>; rel="next"'],
        ['?page=1&size=100', [2, 1, 0], null],
        ['?page=0&size=50', numbers(102, 53), '</orders?page=1&size=50>; rel="next"'],
        ['?page=1&size=50', numbers(52, 3), '</orders?page=2&size=50>; rel="next"'],
        ['?page=2&size=50', [2, 1, 0], null],
        ['?page=7', [], null],
      ])(
        'answers 201 to %p also with an original orders, which sends all',
        async (query, expected, link) => {
          const body = { _embedded: { customerOrders: many } };
          shop.ordersServer.instead = () => ({ status: 200, body });
          const response = await eve.get(`/orders${query}`);
          expect(response.status).toBe(201);
          expect(await ids(response)).toEqual(expected);
          expect(response.headers.get('link')).toBe(link);
        },
      );

      it.each(['?page=-1', '?page=x', '?size=0', '?size=101'])(
        'answers 400 to %s',
        async (query) => {
          expect((await eve.get(`/orders${query}`)).status).toBe(400);
        },
      );
    });

    it('answers 201 with an empty list where orders answers 404', async () => {
      shop.ordersServer.instead = () => ({ status: 404 });
      const response = await eve.get('/orders');
      expect(response.status).toBe(201);
      expect(await response.json()).toEqual([]);
    });

    it('answers 401 to a guest', async () => {
      const response = await frontEnd.browser().get('/orders');
      expect(await problem(response)).toEqual(refused(401, 'User not logged in.'));
    });
  });

  describe('POST /orders to an original orders, which leaves the cart to its callers,', () => {
    const placed = (itemIds: string[]) => {
      const items = itemIds.map((itemId) => ({ itemId, quantity: 1, unitPrice: 9 }));
      return {
        status: 201,
        body: { ...ORDER, customerId: 'eve1', card: MASKED, status: undefined, items, id: 'o1' },
      };
    };

    it('takes the ordered lines out of the cart', async () => {
      for (const id of ['holy', 'crossed']) await eve.post('/cart', { id });
      shop.ordersServer.instead = () => placed(['holy', 'bought by another page']);
      expect((await eve.post('/orders')).status).toBe(201);
      expect(shop.carts.get('eve1')?.map(({ itemId }) => itemId)).toEqual(['crossed']);
    });

    it('answers 201 also when carts is unavailable', async () => {
      shop.ordersServer.instead = () => placed(['holy']);
      shop.cartsServer.instead = () => ({ status: 503 });
      const before = frontEnd.lines.length;
      expect((await eve.post('/orders')).status).toBe(201);
      const said = frontEnd.lines.slice(before).filter((line) => line.includes('cart not emptied'));
      expect(said.length).toBe(1);
    });
  });

  describe('the amounts of an order, where an original orders sends the total alone,', () => {
    const original = { ...ORDER, subtotal: undefined, shipping: undefined, total: 22.99 };
    const items = [{ itemId: 'plain', quantity: 2, unitPrice: 8.5 }];
    const order = {
      ...{ ...original, customerId: 'eve1', card: MASKED, items, id: 'o1' },
      _links: { self: { href: 'http://orders/orders/o1' } },
    };
    const amounts = { subtotal: 17, shipping: 5.99, total: 22.99 };

    it.each([
      ['POST', '/orders', 201, order],
      ['GET', '/orders', 201, { _embedded: { customerOrders: [order] } }],
      ['GET', '/orders/o1', 200, order],
    ])('are filled in by %s %s', async (method, path, status, body) => {
      shop.ordersServer.instead = () => ({ status, body });
      const response = await eve.request(method, path);
      expect(response.status).toBe(status);
      expect([await response.json()].flat()).toEqual([expect.objectContaining(amounts)]);
    });
  });

  describe('GET /orders/:id', () => {
    it("answers 200 for one's own order, the card masked", async () => {
      const { id } = (await (await eve.post('/orders')).json()) as { id: string };
      const response = await eve.get(`/orders/${id}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('application/hal+json;charset=UTF-8');
      expect(await response.json()).toEqual({
        ...ORDER,
        customerId: 'eve1',
        card: MASKED,
        items: [],
        _links: { self: { href: `http://orders/orders/${id}` } },
      });
    });

    it("answers 404 for another's and for an unknown order alike", async () => {
      const { id } = (await (await eve.post('/orders')).json()) as { id: string };
      const refusal = refused(404, 'no such order');
      expect(await problem(await ada.get(`/orders/${id}`))).toEqual(refusal);
      expect(await problem(await ada.get('/orders/nosuch'))).toEqual(refusal);
    });

    it.each(['/orders/search', '/orders/search/customerId?custId=eve1'])(
      'answers 404 for %s, which is not public',
      async (path) => {
        expect((await ada.get(path)).status).toBe(404);
        expect(shop.ordersServer.received).toEqual([]);
      },
    );

    it('answers 401 to a guest', async () => {
      const response = await frontEnd.browser().get('/orders/o1');
      expect(await problem(response)).toEqual(refused(401, 'User not logged in.'));
    });
  });
});
