import { expect, it } from '@jest/globals';
import { onEachStore, OTHER, SOCK } from './carts-suite.ts';

onEachStore((context) => {
  const { send, add, quantities } = context;

  it('GET /carts/{c} answers 200 with the customer id only', async () => {
    const response = await send('GET', '/carts/gold.1');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ customerId: 'gold.1' });
  });

  it('GET /carts/{c}/items answers 200 with an empty array for an unknown cart', async () => {
    const response = await send('GET', `${context.cart}/items`);
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
    const response = await send('POST', `${context.cart}/items`, {
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
    ['text for a price', { itemId: SOCK, unitPrice: 'abc' }],
    ['a negative price', { itemId: SOCK, unitPrice: -1 }],
    ['quantity 0', { itemId: SOCK, unitPrice: 18, quantity: 0 }],
    ['quantity 1000', { itemId: SOCK, unitPrice: 18, quantity: 1000 }],
    ['quantity 0.5', { itemId: SOCK, unitPrice: 18, quantity: 0.5 }],
    ['quantity "1.5"', { itemId: SOCK, unitPrice: 18, quantity: '1.5' }],
    ['quantity ""', { itemId: SOCK, unitPrice: 18, quantity: '' }],
    ['quantity null', { itemId: SOCK, unitPrice: 18, quantity: null }],
    ['quantity true', { itemId: SOCK, unitPrice: 18, quantity: true }],
    ['price true', { itemId: SOCK, unitPrice: true }],
    ['price "NaN"', { itemId: SOCK, unitPrice: 'NaN' }],
    ['price "Infinity"', { itemId: SOCK, unitPrice: 'Infinity' }],
    ['a price of 1e308', { itemId: SOCK, unitPrice: 1e308 }],
    ['a price of 1e400', `{"itemId":"${SOCK}","unitPrice":1e400}`],
    ['a price of a million', { itemId: SOCK, unitPrice: 1_000_000 }],
    ['a price of a million as text', { itemId: SOCK, unitPrice: '1000000' }],
    ['a list for an itemId', { itemId: [SOCK], unitPrice: 18 }],
    ['broken JSON', '{"itemId":'],
  ])('POST /carts/{c}/items answers 400 to %s and stores nothing', async (_case, body) => {
    const response = await send('POST', `${context.cart}/items`, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      status: 400,
      error: 'Bad Request',
      path: `${context.cart}/items`,
    });
    expect(await quantities()).toEqual({});
  });

  it.each([
    [
      { itemId: SOCK, unitPrice: '7.99', quantity: '3' },
      { quantity: 3, unitPrice: 7.99 },
    ],
    [
      { itemId: SOCK, unitPrice: ' +07. ', quantity: ' 02 ' },
      { quantity: 2, unitPrice: 7 },
    ],
    [
      { itemId: SOCK, unitPrice: '999999.99', quantity: 2.7 },
      { quantity: 2, unitPrice: 999999.99 },
    ],
    [
      { itemId: 5, unitPrice: 1 },
      { itemId: '5', quantity: 1, unitPrice: 1 },
    ],
    [
      { itemId: true, unitPrice: 1 },
      { itemId: 'true', quantity: 1, unitPrice: 1 },
    ],
    [{ itemId: SOCK }, { quantity: 1, unitPrice: 0 }],
    [
      { itemId: SOCK, unitPrice: null, quantity: 2 },
      { quantity: 2, unitPrice: 0 },
    ],
    [
      { itemId: SOCK, unitPrice: '' },
      { quantity: 1, unitPrice: 0 },
    ],
  ])('POST /carts/{c}/items takes %j as the original did', async (body, line) => {
    const response = await send('POST', `${context.cart}/items`, body);
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ id: expect.any(String), itemId: SOCK, ...line });
  });

  it('POST and PATCH without a price keep the price of the line', async () => {
    await add(SOCK);
    expect((await send('POST', `${context.cart}/items`, { itemId: SOCK })).status).toBe(201);
    const change = { itemId: SOCK, quantity: '5', unitPrice: null };
    expect((await send('PATCH', `${context.cart}/items`, change)).status).toBe(202);
    await send('DELETE', `${context.cart}/items/${SOCK}`);
    for (const quantity of [2, 1]) {
      const again = await send('POST', `${context.cart}/items`, { itemId: SOCK, quantity });
      expect(await again.json()).toMatchObject({ unitPrice: 18 });
      await send('DELETE', `${context.cart}/items/${SOCK}`);
    }
  });

  it.each([
    ['POST', 'items'],
    ['PATCH', 'items'],
    ['POST', 'take'],
  ])('%s /carts/{c}/%s answers 415 to a form', async (method, part) => {
    const path = `${context.cart}/${part}`;
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
    const found = await send('GET', `${context.cart}/items/${SOCK}`);
    expect(found.status).toBe(200);
    expect(await found.json()).toMatchObject({ itemId: SOCK, quantity: 1, unitPrice: 18 });
    const missing = await send('GET', `${context.cart}/items/nosuch`);
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({
      status: 404,
      message: 'Cannot find item in cart',
    });
  });

  it('PATCH /carts/{c}/items answers 202 with no body and sets quantity and price', async () => {
    await add(SOCK);
    const response = await send('PATCH', `${context.cart}/items`, {
      itemId: SOCK,
      quantity: 7,
      unitPrice: 19,
    });
    expect(response.status).toBe(202);
    expect(await response.text()).toBe('');
    const lines = await (await send('GET', `${context.cart}/items`)).json();
    expect(lines).toEqual([expect.objectContaining({ itemId: SOCK, quantity: 7, unitPrice: 19 })]);
  });

  it('PATCH /carts/{c}/items answers 404 when the sock is not in the cart', async () => {
    const response = await send('PATCH', `${context.cart}/items`, { itemId: SOCK, quantity: 7 });
    expect(response.status).toBe(404);
  });

  it.each([0, -1, 1000, 0.5, null, '1000', '0', 'seven'])(
    'PATCH /carts/{c}/items answers 400 to quantity %p',
    async (quantity) => {
      await add(SOCK);
      const response = await send('PATCH', `${context.cart}/items`, { itemId: SOCK, quantity });
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
    expect((await send('PATCH', `${context.cart}/items`, body)).status).toBe(400);
    expect(await quantities()).toEqual({ [SOCK]: 1 });
  });

  it('DELETE /carts/{c}/items/{itemId} answers 202 once, then 404', async () => {
    await add(SOCK);
    await add(OTHER);
    const response = await send('DELETE', `${context.cart}/items/${SOCK}`);
    expect(response.status).toBe(202);
    expect(await response.text()).toBe('');
    expect(await quantities()).toEqual({ [OTHER]: 1 });
    expect((await send('DELETE', `${context.cart}/items/${SOCK}`)).status).toBe(404);
  });

  it('DELETE /carts/{c} answers 202 with no body, also for an unknown cart', async () => {
    await add(SOCK);
    for (const path of [context.cart, context.cart, '/carts/unknown']) {
      const response = await send('DELETE', path);
      expect(response.status).toBe(202);
      expect(await response.text()).toBe('');
    }
    expect(await quantities()).toEqual({});
  });
});
