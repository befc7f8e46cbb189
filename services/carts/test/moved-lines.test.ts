import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { onEachStore, OTHER, SOCK } from './carts-suite.ts';

onEachStore((context) => {
  const { send, add, quantities } = context;

  describe('GET /carts/{c}/merge', () => {
    it('answers 202, adds up the quantities and empties the cart of the guest', async () => {
      const guest = `/carts/${randomUUID()}`;
      await add(SOCK);
      await add(SOCK, 2, guest);
      await add(OTHER, 7, guest);
      const response = await send('GET', `${context.cart}/merge?sessionId=${guest.slice(7)}`);
      expect(response.status).toBe(202);
      expect(await response.text()).toBe('');
      expect(await quantities()).toEqual({ [SOCK]: 3, [OTHER]: 7 });
      expect(await quantities(guest)).toEqual({});
    });

    it('answers 202 and changes nothing when repeated, for an unknown guest and for the cart itself', async () => {
      const line = await (await add(SOCK, 3)).json();
      for (const from of ['unknown', context.cart.slice(7), 'unknown']) {
        expect((await send('GET', `${context.cart}/merge?sessionId=${from}`)).status).toBe(202);
      }
      expect(await (await send('GET', `${context.cart}/items`)).json()).toEqual([line]);
    });

    it('adds up once when many merges run at the same time', async () => {
      const guest = `/carts/${randomUUID()}`;
      await add(SOCK, 2, guest);
      const merges = Array.from({ length: 10 }, () =>
        send('GET', `${context.cart}/merge?sessionId=${guest.slice(7)}`),
      );
      for (const response of await Promise.all(merges)) expect(response.status).toBe(202);
      expect(await quantities()).toEqual({ [SOCK]: 2 });
    });

    it.each(['', '?sessionId='])('answers 400 without sessionId: %p', async (query) => {
      const response = await send('GET', `${context.cart}/merge${query}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ status: 400, path: `${context.cart}/merge` });
    });
  });

  describe('POST /carts/{c}/take', () => {
    it('answers 202 and takes the lines of an order once; later pieces stay', async () => {
      await add(SOCK, 3);
      await add(OTHER);
      const order = { orderId: 'order-1', items: [{ itemId: SOCK, quantity: 2 }] };
      const response = await send('POST', `${context.cart}/take`, order);
      expect(response.status).toBe(202);
      expect(await quantities()).toEqual({ [SOCK]: 1, [OTHER]: 1 });
      await add(SOCK);
      await send('POST', `${context.cart}/take`, order);
      expect(await quantities()).toEqual({ [SOCK]: 2, [OTHER]: 1 });
    });

    it('answers 202 and leaves a line that was emptied and filled again since the order', async () => {
      const { id } = (await (await add(SOCK, 2)).json()) as { id: string };
      await send('DELETE', context.cart);
      await add(SOCK);
      const items = [{ id, itemId: SOCK, quantity: 2 }];
      const response = await send('POST', `${context.cart}/take`, { orderId: 'order-1', items });
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
      expect((await send('POST', `${context.cart}/take`, body)).status).toBe(400);
      expect(await quantities()).toEqual({ [SOCK]: 1 });
    });
  });
});
