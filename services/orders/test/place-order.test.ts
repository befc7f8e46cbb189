import { describe, expect, it } from '@jest/globals';
import { priceOf } from '@sockshop/pricing';
import { type Answer, until } from '@sockshop/testing';
import type { OrderItem } from '../src/order.ts';
import { ADDRESS, CARD, hex, NAMES } from './neighbours.ts';
import { COLOURFUL, DATE, MASKED, onEachStore, placedOf } from './orders-suite.ts';
import { placeOrder } from './running-orders.ts';

const ID = expect.stringMatching(/^[\da-f]{24}$/);
const UUID = expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);

onEachStore((context) => {
  const { shop, service } = context;

  describe('POST /orders', () => {
    it('answers 201 to lines with texts for numbers, as the original did', async () => {
      const line = { id: 7, itemId: COLOURFUL.itemId, quantity: '2', unitPrice: '18.00' };
      const free = { id: 'b', itemId: 'gift', quantity: 1.9 };
      shop.cart.instead = () => ({ status: 200, body: [line, free] });
      const response = await placeOrder(service, shop.customer(COLOURFUL).request);
      expect(await response.json()).toMatchObject({
        total: 40.99,
        items: [
          { ...line, id: '7', quantity: 2, unitPrice: 18 },
          { ...free, quantity: 1, unitPrice: 0 },
        ],
      });
    });

    it("answers 201 with the order in the original's shape plus status and history", async () => {
      const { id, cart, request: body } = shop.customer(COLOURFUL);
      const response = await placeOrder(service, body);
      expect(response.status).toBe(201);
      expect(response.headers.get('content-type')).toBe('application/hal+json;charset=UTF-8');
      expect(await response.json()).toEqual({
        id: ID,
        customerId: id,
        customer: { id: null, ...NAMES, addresses: [], cards: [] },
        address: { id: null, ...ADDRESS },
        card: { id: null, ...MASKED },
        items: [{ id: cart[0]?.id, ...COLOURFUL }],
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

    it('answers 201 as application/json if Accept asks for it', async () => {
      const { request: body } = shop.customer(COLOURFUL);
      const headers = { accept: 'application/json' };
      const response = await service.send('POST', '/orders', body, headers);
      expect(response.status).toBe(201);
      expect(response.headers.get('content-type')).toBe('application/json;charset=UTF-8');
    });

    it('reads from user and carts, sends the amount to payment and the shipment to shipping, and takes the lines from the cart', async () => {
      const { id, request: body } = shop.customer(COLOURFUL);
      const order = (await (await placeOrder(service, body)).json()) as Record<string, unknown>;
      expect(shop.user.received.map(({ url }) => url)).toEqual([
        `/customers/${id}?address=57a98d98e4b00679b4a830b0&card=57a98d98e4b00679b4a830b1`,
      ]);
      for (const { headers } of shop.user.received)
        expect(headers.accept).toBe('application/hal+json');
      expect(shop.cart.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
        `GET /carts/${id}/items`,
        `POST /carts/${id}/take`,
      ]);
      expect(shop.cart.received[0]?.headers.accept).toBe('application/json');
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

    it('answers 201 also with an original user, which is asked for address and card, from the second order on at the same time', async () => {
      const { id, cart, request: body } = shop.customer(COLOURFUL);
      const documents = ['/addresses/57a98d98e4b00679b4a830b0', '/cards/57a98d98e4b00679b4a830b1'];
      let customerAnswer = Promise.resolve();
      shop.user.instead = async ({ path }) => {
        if (path.startsWith('/customers')) await customerAnswer;
        return shop.document(path);
      };
      const first = (await (await placeOrder(service, body)).json()) as Record<string, unknown>;
      expect([first['address'], first['card']]).toEqual([
        { id: null, ...ADDRESS },
        { id: null, ...MASKED },
      ]);
      shop.carts.set(id, cart);
      shop.user.received = [];
      const held = Promise.withResolvers<undefined>();
      customerAnswer = held.promise;
      const second = placeOrder(service, body);
      await until(() => shop.user.received.length === 3);
      held.resolve(undefined);
      expect((await second).status).toBe(201);
      expect(shop.user.received.map(({ path }) => path).sort()).toEqual([
        ...documents,
        `/customers/${id}`,
      ]);
      shop.user.instead = undefined;
      shop.carts.set(id, cart);
      expect((await placeOrder(service, body)).status).toBe(201);
      shop.carts.set(id, cart);
      shop.user.received = [];
      expect((await placeOrder(service, body)).status).toBe(201);
      expect(shop.user.received.length).toBe(1); // ours again
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
      const order = await placedOf(await placeOrder(service, shop.customer(COLOURFUL).request));
      expect((await context.store.byId(order.id))?.card).toEqual(MASKED);
    });

    it('answers 201 and leaves lines in the cart that were added after it was read', async () => {
      const { id, request: body } = shop.customer(COLOURFUL);
      shop.payment.instead = () => {
        shop.carts.get(id)?.push({ id: hex(), itemId: 'late', quantity: 1, unitPrice: 1 });
        return { status: 200, body: { authorised: true } };
      };
      expect((await placeOrder(service, body)).status).toBe(201);
      expect(shop.carts.get(id)).toMatchObject([{ itemId: 'late', quantity: 1 }]);
    });

    it.each([
      ['3 × 17.15', [{ itemId: 'a', quantity: 3, unitPrice: 17.15 }]],
      [
        '3 × 17.15 with the rounding error of a 32-bit float',
        [{ itemId: 'a', quantity: 3, unitPrice: 17.149999618530273 }],
      ],
      [
        'sums that have no exact binary form',
        [
          { itemId: 'a', quantity: 1, unitPrice: 0.1 },
          { itemId: 'b', quantity: 1, unitPrice: 0.2 },
        ],
      ],
      ['100.01, exactly the limit of payment', [{ ...COLOURFUL, unitPrice: 100.01 }]],
    ])('answers 201 with the total of %s and shipping', async (_what, lines) => {
      const { total } = priceOf(lines);
      const response = await placeOrder(service, shop.customer(...lines).request);
      expect(response.status).toBe(201);
      const order = await placedOf(response);
      expect(order.total).toBe(total);
      expect(shop.payment.received[0]?.body).toMatchObject({ amount: total });
      expect((await context.store.byId(order.id))?.total).toBe(total);
    });

    it('answers 201 to an authorisation without a message, and when shipping answers 200', async () => {
      shop.payment.instead = () => ({ status: 200, body: { authorised: true } });
      shop.shipping.instead = ({ body }) => ({ status: 200, body });
      const response = await placeOrder(service, shop.customer(COLOURFUL).request);
      expect(response.status).toBe(201);
      expect((await placedOf(response)).status).toBe('SHIPPING');
    });

    it.each([
      'http://user/customers/%',
      'http://user/customers/other.%/',
      'http://user:80/customers/%?x#y',
    ])('answers 201 with the customer id from the self link %s', async (link) => {
      const own = hex();
      const { request: body } = shop.customer(COLOURFUL);
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

    it('answers 201 and deletes line by line when carts has no take', async () => {
      shop.cartsWithoutTake = true;
      const other = { itemId: 'sock-b', quantity: 2, unitPrice: 7 };
      const { id, request: body } = shop.customer(COLOURFUL, other);
      shop.shipping.instead = (call) => {
        shop.carts.get(id)?.shift(); // a line that is gone already does no harm
        return { status: 201, body: call.body };
      };
      const order = await placedOf(await placeOrder(service, body));
      expect(order.status).toBe('SHIPPING');
      expect(shop.carts.get(id)).toEqual([]);
      expect(shop.cart.received.slice(2).map(({ method, path }) => `${method} ${path}`)).toEqual([
        `DELETE /carts/${id}/items/${COLOURFUL.itemId}`,
        `DELETE /carts/${id}/items/sock-b`,
      ]);
      expect(await context.store.byId(order.id)).toMatchObject({ cartTaken: true });
    });
  });
});
