import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  EVE,
  eveAddress,
  eveCard,
  linksOf,
  ok,
  onEachStore,
  refused,
  UNKNOWN,
} from './user-suite.ts';

onEachStore(({ service, created, count }) => {
  describe('addresses', () => {
    it('POST /addresses answers 200 and stores the address last of its customer', async () => {
      const userID = await created('/register', { username: randomUUID(), password: 'x' });
      const given = { number: '1', street: 'A', city: 'B', postcode: 'C', country: 'D' };
      const first = await created('/addresses', { ...given, userID });
      const second = await created('/addresses', { userID: userID.toUpperCase() });
      const list = await ok(service.send('GET', `/customers/${userID}/addresses`));
      const empty = { number: '', street: '', city: '', postcode: '', country: '' };
      expect(list).toEqual({
        _embedded: {
          address: [
            { ...given, id: first, _links: linksOf('address', first) },
            { ...empty, id: second, _links: linksOf('address', second) },
          ],
        },
      });
    });

    it.each([
      ['no userID', {}],
      ['an empty userID', { userID: '' }],
    ])(
      'POST /addresses answers 200 with %s and stores it without an owner',
      async (_case, owner) => {
        const id = await created('/addresses', { street: 'my road', ...owner });
        expect(await ok(service.send('GET', `/addresses/${id}`))).toMatchObject({
          street: 'my road',
          postcode: '',
        });
      },
    );

    it('POST /addresses answers 404 to an unknown userID and stores nothing', async () => {
      const before = await count('/addresses', 'address');
      const unknown = service.send('POST', '/addresses', { userID: UNKNOWN });
      await refused(unknown, 404, 'not found; userID must be the id of a customer');
      expect(await count('/addresses', 'address')).toBe(before);
    });

    it.each([
      [
        'a userID that is no id',
        { userID: 'nonsense' },
        'userID: Invalid Id Hex; send 24 hex digits',
      ],
      ['a number instead of a text', { number: 3 }, expect.any(String)],
      ['broken JSON', '{', expect.any(String)],
      ['no body', undefined, expect.any(String)],
    ])('POST /addresses answers 400 to %s and stores nothing', async (_case, body, detail) => {
      const before = await count('/addresses', 'address');
      await refused(service.send('POST', '/addresses', body), 400, detail);
      expect(await count('/addresses', 'address')).toBe(before);
    });

    it('GET /addresses answers 200 with all addresses, GET /addresses/{id} with one', async () => {
      expect(await ok(service.send('GET', '/addresses'))).toMatchObject({
        _embedded: { address: expect.arrayContaining([eveAddress]) },
      });
      expect(await ok(service.send('GET', `/addresses/${eveAddress.id}`))).toEqual(eveAddress);
    });
  });

  describe('cards', () => {
    it.each([
      ['4111111111111111', '4111111111111111'],
      ['4111 1111-1111 1111', '4111111111111111'],
      ['123456789012', '123456789012'],
      ['1234567890123456789', '1234567890123456789'],
    ])('POST /cards answers 200 to the number %s and drops the ccv', async (longNum, stored) => {
      const userID = await created('/register', { username: randomUUID(), password: 'x' });
      const id = await created('/cards', { longNum, expires: '01/99', ccv: '987', userID });
      const card = {
        longNum: stored,
        expires: '01/99',
        ccv: '***',
        id,
        _links: linksOf('card', id),
      };
      expect(await ok(service.send('GET', `/cards/${id}`))).toEqual(card);
      expect(await ok(service.send('GET', `/customers/${userID}/cards`))).toEqual({
        _embedded: { card: [card] },
      });
    });

    it('POST /cards answers 200 without a userID', async () => {
      await created('/cards', { longNum: '1234567891011123', expires: '11/2020', ccv: '123' });
    });

    it('POST /cards answers 404 to an unknown userID and stores nothing', async () => {
      const before = await count('/cards', 'card');
      const body = { longNum: '4111111111111111', userID: UNKNOWN };
      const unknown = service.send('POST', '/cards', body);
      await refused(unknown, 404, 'not found; userID must be the id of a customer');
      expect(await count('/cards', 'card')).toBe(before);
    });

    it.each([
      ['no number', {}],
      ['a number of 11 digits', { longNum: '12345678901' }],
      ['a number of 20 digits', { longNum: '12345678901234567890' }],
      ['letters', { longNum: '4111x11111111111' }],
      ['a JSON number', { longNum: 4111111111111111 }],
      ['a userID that is no id', { longNum: '4111111111111111', userID: '1' }],
      ['broken JSON', '{"longNum":"4111111111111111"'],
    ])('POST /cards answers 400 to %s and stores nothing', async (_case, body) => {
      const before = await count('/cards', 'card');
      await refused(service.send('POST', '/cards', body), 400, expect.any(String));
      expect(await count('/cards', 'card')).toBe(before);
    });

    it('GET /cards answers 200 with all cards, GET /cards/{id} with one', async () => {
      expect(await ok(service.send('GET', '/cards'))).toMatchObject({
        _embedded: { card: expect.arrayContaining([eveCard]) },
      });
      expect(await ok(service.send('GET', `/cards/${eveCard.id}`))).toEqual(eveCard);
    });
  });

  it.each(['addresses', 'cards'])('DELETE /%s/{id} answers 200, then 404', async (kind) => {
    const userID = await created('/register', { username: randomUUID(), password: 'x' });
    const id = await created(`/${kind}`, { longNum: '4111111111111111', userID });
    expect(await ok(service.send('DELETE', `/${kind}/${id}`))).toEqual({ status: true });
    await refused(service.send('DELETE', `/${kind}/${id}`), 404, 'not found');
    await refused(service.send('GET', `/${kind}/${id}`), 404, 'not found');
    const list = (await ok(service.send('GET', `/customers/${userID}/${kind}`))) as {
      _embedded: Record<string, unknown[]>;
    };
    expect(Object.values(list._embedded)).toEqual([[]]);
  });

  it.each([
    ['GET', '/customers/{id}'],
    ['GET', '/customers/{id}/addresses'],
    ['GET', '/customers/{id}/cards'],
    ['GET', '/addresses/{id}'],
    ['GET', '/cards/{id}'],
    ['DELETE', '/customers/{id}'],
    ['DELETE', '/addresses/{id}'],
    ['DELETE', '/cards/{id}'],
  ])('%s %s answers 404 to an unknown id and 400 to none', async (method, path) => {
    await refused(service.send(method, path.replace('{id}', UNKNOWN)), 404, 'not found');
    await refused(
      service.send(method, path.replace('{id}', 'undefined')),
      400,
      'Invalid Id Hex; send 24 hex digits',
    );
    await refused(
      service.send(method, path.replace('{id}', `${UNKNOWN}0`)),
      400,
      'Invalid Id Hex; send 24 hex digits',
    );
  });

  it.each([
    ['GET', '/nosuch', 404, null],
    ['GET', `/customers/${EVE}/orders`, 404, null],
    ['DELETE', `/sessions/${UNKNOWN}`, 404, null],
    ['DELETE', `/customers/${UNKNOWN}/cards`, 405, 'GET, HEAD'],
    ['POST', '/login', 405, 'GET, HEAD'],
    ['GET', '/register', 405, 'POST'],
    ['PUT', `/customers/${EVE}`, 405, 'DELETE, GET, HEAD'],
    ['DELETE', '/customers', 405, 'GET, HEAD, POST'],
  ])('%s %s answers %d', async (method, path, status, allow) => {
    const response = await service.send(method, path);
    expect(response.status).toBe(status);
    expect(response.headers.get('allow')).toBe(allow);
    expect(await response.json()).toMatchObject({ status, status_code: 500 });
  });

  // In the original paths were prefixes, and DELETE accepted any word as a collection.
});
