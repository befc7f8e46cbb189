import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServiceUnderTest } from '@sockshop/service-testing';
import { Telemetry } from '@sockshop/telemetry';
import { connect } from 'node:net';
import { ADDRESS, hex, NAMES } from './neighbours.ts';
import {
  COLOURFUL,
  DATE,
  type List,
  listOf,
  MASKED,
  onEachStore,
  placedOf,
} from './orders-suite.ts';
import { placeOrder, startOrders } from './running-orders.ts';
import { anOrder, openStore } from './stores.ts';

onEachStore((context) => {
  const { shop, service } = context;

  describe('GET /orders', () => {
    it("answers 200 with placed orders without ids, links with the request's host", async () => {
      const { id, request: body } = shop.customer(COLOURFUL);
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
            items: [COLOURFUL],
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

    it('answers 200 as application/json if Accept asks for it', async () => {
      const response = await service.send('GET', '/orders', undefined, {
        accept: 'application/json',
      });
      expect(response.headers.get('content-type')).toBe('application/json;charset=UTF-8');
    });

    describe('on a store with three orders', () => {
      let three: ServiceUnderTest;
      const totals = [30, 10, 20];
      beforeAll(async () => {
        const databaseUrl = context.url();
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

      it('answers 200 with all orders on one page, oldest first, without links to other pages', async () => {
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
      const { id, request: body } = shop.customer(COLOURFUL);
      const placed = await placedOf(await placeOrder(service, body));
      const response = await get(service, `/orders/${placed.id}`, 'shop.localhost:8080');
      expect(response.status).toBe(200);
      expect(response.type).toBe('application/hal+json;charset=UTF-8');
      const self = { href: `http://shop.localhost:8080/orders/${placed.id}` };
      expect(response.body).toMatchObject({
        customerId: id,
        card: MASKED,
        items: [COLOURFUL],
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

    it("/customerId answers 200 with the orders of one customer; self is the request's URL", async () => {
      const { id, request: body } = shop.customer(COLOURFUL);
      const first = await placedOf(await placeOrder(service, body));
      shop.carts.set(id, [{ id: hex(), ...COLOURFUL }]);
      const second = await placedOf(await placeOrder(service, body));
      await placeOrder(service, shop.customer(COLOURFUL).request);
      const path = `/orders/search/customerId?sort=date&custId=${id}`;
      const { status, body: found } = await get(service, path, 'orders');
      expect(status).toBe(200);
      const { _embedded, _links } = found as List;
      const ids = _embedded.customerOrders.map((order) => order._links.self.href);
      expect(ids).toEqual([first, second].map((each) => `http://orders/orders/${each.id}`));
      expect(_links).toEqual({ self: { href: `http://orders${path}` } });
    });

    describe('/customerId of a customer with 103 orders', () => {
      const customerId = hex();
      const path = `/orders/search/customerId?custId=${customerId}`;
      const totals: number[] = []; // newest first
      beforeAll(async () => {
        for (let total = 1; total <= 103; total += 1) {
          // Some of the same millisecond.
          const date = new Date(Date.UTC(2026, 0, 1) + Math.floor(total / 3));
          const order = anOrder({ customerId, total, date });
          await context.store.insert(order, undefined);
          await context.store.advance(order.id, 'PAID', date);
          totals.unshift(total);
        }
      });
      const read = async (of: string) => {
        const { body } = await get(service, of.replace('http://orders', ''), 'orders');
        return body as List;
      };
      const totalsOf = (list: List) => list._embedded.customerOrders.map(({ total }) => total);
      const instants = (of: number[]) => of.map((total) => Math.floor(total / 3));

      it('answers 200 with the newest 100, sorted as asked, and a link to the older ones', async () => {
        for (const sort of ['', '&sort=date', '&sort=date,desc']) {
          const list = await read(path + sort);
          const found = totalsOf(list);
          const newestFirst = sort.endsWith('desc') ? found : found.toReversed();
          expect(instants(newestFirst)).toEqual(instants(totals.slice(0, 100)));
          expect(list.page).toBeUndefined();
          expect(Object.keys(list._links)).toEqual(['self', 'next']);
          const older = await read(list._links['next']!.href);
          expect([...found, ...totalsOf(older)].sort((a, b) => b - a)).toEqual(totals);
          expect(older._links['next']).toBeUndefined();
        }
      });

      it.each(['date,desc', 'date'])(
        'answers 200 with pages that together contain each order once, sorted by %s',
        async (sort) => {
          const pages: List[] = [];
          let next: string | undefined = `${path}&page=0&size=40&sort=${sort}`;
          while (next !== undefined) {
            const list: List = await read(next);
            pages.push(list);
            next = list._links['next']?.href;
          }
          expect(pages.map(({ page }) => page)).toEqual(
            [0, 1, 2].map((number) => ({ size: 40, number })),
          );
          expect(pages.map(({ _links }) => Object.keys(_links))).toEqual([
            ['first', 'self', 'next'],
            ['first', 'prev', 'self', 'next'],
            ['first', 'prev', 'self'],
          ]);
          const found = pages.flatMap(totalsOf);
          expect(instants(found)).toEqual(instants(sort === 'date' ? totals.toReversed() : totals));
          expect(found.toSorted((a, b) => b - a)).toEqual(totals);
          expect(totalsOf(await read(pages[1]!._links['prev']!.href))).toEqual(totalsOf(pages[0]!));
        },
      );

      it.each([
        ['page=5', { size: 20, number: 5 }, 3],
        ['size=2', { size: 2, number: 0 }, 2],
        ['page=9&size=20', { size: 20, number: 9 }, 0],
      ])('answers 200 to %s', async (query, page, orders) => {
        const list = await read(`${path}&${query}`);
        expect([list.page, totalsOf(list).length]).toEqual([page, orders]);
      });

      it.each(['page=-1', 'page=x', 'size=0', 'size=1001', 'page='])(
        'answers 400 to %s',
        async (query) => {
          expect((await service.send('GET', `${path}&${query}`)).status).toBe(400);
        },
      );
    });

    it.each(['', '?custId=unknown', '?custId='])(
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
});

/** Sends its own Host header, which fetch does not allow. */
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
