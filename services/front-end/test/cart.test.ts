import { beforeEach, describe, expect, it } from '@jest/globals';
import { priceOf } from '@sockshop/pricing';
import type { CookieClient } from '@sockshop/testing';
import { problem, refused, frontEndSuite } from './running-front-end.ts';
import { CROSSED, HOLY } from './shop-stand-ins.ts';

describe('cart', () => {
  const { shop, frontEnd } = frontEndSuite();

  const line = (sock: { id: string; price: number }, quantity: number) => ({
    id: `line-${sock.id}`,
    itemId: sock.id,
    quantity,
    unitPrice: sock.price,
  });
  /** Neither body nor label: the original's page script would take a label for broken JSON. */
  async function expectEmpty(response: Response, status: number): Promise<void> {
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBeNull();
    expect(await response.text()).toBe('');
  }

  describe.each([
    ['a guest', () => Promise.resolve(frontEnd.browser())],
    ['a customer', () => frontEnd.loggedIn()],
  ])('of %s', (_who, open) => {
    let browser: CookieClient;
    beforeEach(async () => {
      browser = await open();
    });
    const lines = async () => (await browser.get('/cart')).json();

    it('GET /cart answers 200 with an empty list at first', async () => {
      const response = await browser.get('/cart');
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual([]);
    });

    it('GET /cart/summary answers 200 with the price of what is in the cart', async () => {
      const summary = async () => (await browser.get('/cart/summary')).json();
      expect(await summary()).toEqual({ items: [], ...priceOf([]) });
      await browser.post('/cart', { id: 'holy' });
      await browser.post('/cart/update', { id: 'holy', quantity: 2 });
      await browser.post('/cart', { id: 'crossed' });
      const items = [line(HOLY, 2), line(CROSSED, 1)];
      expect(await summary()).toEqual({ items, ...priceOf(items) });
    });

    it('GET /cart/summary answers 200 without lines that an original carts broke', async () => {
      const whole = line(HOLY, 1);
      const broken = [null, { ...whole, itemId: null }, { ...whole, unitPrice: null }];
      shop.cartsServer.instead = () => ({ status: 200, body: [...broken, whole] });
      const response = await browser.get('/cart/summary');
      expect(await response.json()).toEqual({ items: [whole], ...priceOf([whole]) });
    });

    it('POST /cart answers 201, at the price of catalogue, whatever quantity is sent', async () => {
      await expectEmpty(await browser.post('/cart', { id: 'holy', quantity: 7, price: 1 }), 201);
      await expectEmpty(await browser.post('/cart', { id: 'holy' }), 201);
      expect(await lines()).toEqual([line(HOLY, 2)]);
    });

    it.each([
      ['no id', {}],
      ['a number for an id', { id: 7 }],
      ['an empty id', { id: '' }],
      ['no body', undefined],
      ['broken JSON', '{"id":'],
    ])('POST /cart answers 400 for %s', async (_case, body) => {
      const response = await browser.post('/cart', body);
      expect(await problem(response)).toEqual(refused(400, expect.any(String)));
      expect(await lines()).toEqual([]);
    });

    it('POST /cart answers 404 for an unknown sock and adds nothing', async () => {
      const response = await browser.post('/cart', { id: 'nosuch' });
      expect(await problem(response)).toEqual(refused(404, 'no sock nosuch'));
      expect(await lines()).toEqual([]);
    });

    it('POST /cart answers 409 in the words of carts when the line is full', async () => {
      const message = 'a cart holds at most 999 pieces of one sock';
      shop.cartsServer.instead = () => ({ status: 409, body: { status: 409, message } });
      const response = await browser.post('/cart', { id: 'holy' });
      expect(await problem(response)).toEqual(refused(409, message));
    });

    it.each([5, '5', 1, '999'])(
      'POST /cart/update answers 202 for quantity %p',
      async (quantity) => {
        await browser.post('/cart', { id: 'holy' });
        await expectEmpty(await browser.post('/cart/update', { id: 'holy', quantity }), 202);
        expect(await lines()).toEqual([line(HOLY, Number(quantity))]);
        const { method, body } = shop.cartsServer.received.at(-2)!;
        expect(method).toBe('PATCH');
        expect(body).toEqual({ itemId: 'holy', quantity: Number(quantity), unitPrice: 99.99 });
      },
    );

    it.each([
      ['quantity 0', { id: 'holy', quantity: 0 }],
      ['quantity 1000', { id: 'holy', quantity: '1000' }],
      ['a negative quantity', { id: 'holy', quantity: -1 }],
      ['half a sock', { id: 'holy', quantity: 0.5 }],
      ['no number', { id: 'holy', quantity: 'many' }],
      ['empty text', { id: 'holy', quantity: '' }],
      ['no quantity', { id: 'holy' }],
      ['no id', { quantity: 1 }],
    ])('POST /cart/update answers 400 for %s', async (_case, body) => {
      await browser.post('/cart', { id: 'holy' });
      const response = await browser.post('/cart/update', body);
      expect(await problem(response)).toEqual(refused(400, expect.any(String)));
      expect(await lines()).toEqual([line(HOLY, 1)]);
    });

    it('POST /cart/update answers 404 for a sock that is not in the cart or unknown', async () => {
      const absent = await browser.post('/cart/update', { id: 'holy', quantity: 1 });
      expect(await problem(absent)).toEqual(refused(404, 'Cannot find item in cart'));
      const unknown = await browser.post('/cart/update', { id: 'nosuch', quantity: 1 });
      expect(await problem(unknown)).toEqual(refused(404, 'no sock nosuch'));
    });

    it('DELETE /cart/:id answers 202 and takes that sock out', async () => {
      await browser.post('/cart', { id: 'holy' });
      await browser.post('/cart', { id: 'crossed' });
      await expectEmpty(await browser.delete('/cart/holy'), 202);
      expect(await lines()).toEqual([line(CROSSED, 1)]);
    });

    it('DELETE /cart/:id answers 404 for a sock that is not in the cart', async () => {
      const response = await browser.delete('/cart/holy');
      expect(await problem(response)).toEqual(refused(404, 'Cannot find item in cart'));
    });

    it('DELETE /cart/:id answers 404 where an original carts hides that behind 500', async () => {
      const message = 'Cannot find item in cart';
      shop.cartsServer.instead = () => ({ status: 500, body: { status: 500, message } });
      const response = await browser.delete('/cart/holy');
      expect(await problem(response)).toEqual(refused(404, message));
    });

    it('DELETE /cart answers 202, with and without a cart', async () => {
      await browser.post('/cart', { id: 'holy' });
      await expectEmpty(await browser.delete('/cart'), 202);
      await expectEmpty(await browser.delete('/cart'), 202);
      expect(await lines()).toEqual([]);
    });
  });

  it('is not the same for two guests', async () => {
    const [one, other] = [frontEnd.browser(), frontEnd.browser()];
    await one.post('/cart', { id: 'holy' });
    await other.get('/cart');
    expect(await (await other.get('/cart')).json()).toEqual([]);
  });

  it('of a guest is kept upstream under a key that is in no cookie', async () => {
    const browser = frontEnd.browser();
    await browser.post('/cart', { id: 'holy' });
    const [key] = [...shop.carts.keys()];
    expect(key).toMatch(/^[\w-]{24}$/);
    expect([...browser.cookies.values()].join()).not.toContain(key);
  });
});
