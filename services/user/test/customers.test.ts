import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { logIn } from './running-user.ts';
import {
  customerJson,
  EVE,
  eve,
  eveAddress,
  eveCard,
  linksOf,
  ok,
  onEachStore,
  refused,
  UNKNOWN,
} from './user-suite.ts';

onEachStore(({ service, created, count }) => {
  describe('POST /register', () => {
    it('answers 200 with the id, and the account can log in', async () => {
      const username = `Zoë ${randomUUID()}`;
      const password = 'pass:word with colons ✓';
      const body = { username, password, email: 'z@x.org', firstName: 'Zoë', lastName: 'Z' };
      const id = await created('/register', body);
      const user = customerJson(id, 'Zoë', 'Z', username);
      expect(await ok(logIn(service, username, password))).toEqual({ user });
      expect(await ok(logIn(service, username, password))).toEqual({ user });
      expect((await logIn(service, username, `${password} `)).status).toBe(401);
      expect(await ok(service.send('GET', `/customers/${id}`))).toEqual(user);
      const none = { _embedded: { address: [] } };
      expect(await ok(service.send('GET', `/customers/${id}/addresses`))).toEqual(none);
    });

    it('answers 200 to a user name and a one-letter password alone', async () => {
      const username = randomUUID();
      const id = await created('/register', { username, password: 'x', email: null });
      expect(await ok(service.send('GET', `/customers/${id}`))).toEqual(
        customerJson(id, '', '', username),
      );
    });

    it('answers 409 to a taken name and keeps the first account', async () => {
      const username = randomUUID();
      const body = { username, password: 'first' };
      const id = await created('/register', body);
      const again = service.send('POST', '/register', { username, password: 'second' });
      await refused(again, 409, 'the user name is taken; choose another');
      expect(await ok(logIn(service, username, 'first'))).toMatchObject({ user: { id } });
      expect((await logIn(service, username, 'second')).status).toBe(401);
      await created('/register', { ...body, username: username.toUpperCase() + 'A' });
    });

    it.each([
      ['no user name', { password: 'x' }],
      ['an empty user name', { username: '', password: 'x' }],
      ['a user name with a colon', { username: 'a:b', password: 'x' }],
      ['a user name with a line break', { username: 'a\nb', password: 'x' }],
      ['a number for a user name', { username: 1, password: 'x' }],
      ['no password', { username: 'n' }],
      ['an empty password', { username: 'n', password: '' }],
      ['password null', { username: 'n', password: null }],
      ['a number for a first name', { username: 'n', password: 'x', firstName: 1 }],
      ['a list', []],
      ['null', 'null'],
      ['broken JSON', '{"username":'],
      ['no body', undefined],
    ])('answers 400 to %s and stores nothing', async (_case, body) => {
      const before = await count('/customers', 'customer');
      await refused(service.send('POST', '/register', body), 400, expect.any(String));
      expect(await count('/customers', 'customer')).toBe(before);
    });
  });

  it.each(['/register', '/customers', '/addresses', '/cards'])(
    'POST %s answers 415 to a form',
    async (path) => {
      const form = service.send('POST', path, 'username=a', {
        'content-type': 'application/x-www-form-urlencoded',
      });
      await refused(form, 415, expect.any(String));
    },
  );

  describe('customers', () => {
    it('GET /customers answers 200 with all customers under a singular name', async () => {
      expect(await ok(service.send('GET', '/customers'))).toMatchObject({
        _embedded: { customer: expect.arrayContaining([eve]) },
      });
    });

    it('GET /customers/{id} answers 200 with the customer and nothing about its password', async () => {
      expect(await ok(service.send('GET', `/customers/${EVE}`))).toEqual(eve);
      const upper = await service.send('GET', `/customers/${EVE.toUpperCase()}?any=query`);
      expect(await upper.text()).toBe(JSON.stringify(eve)); // keys in the original's order
    });

    it('GET /customers/{id}?links=all answers 200 with links to each address and card, in the order of adding', async () => {
      const { _links } = eve;
      expect(await ok(service.send('GET', `/customers/${EVE}?links=all`))).toEqual({
        ...eve,
        _links: { ..._links, address: [eveAddress._links.self], card: [eveCard._links.self] },
      });
      const userID = await created('/register', { username: randomUUID(), password: 'x' });
      const none = await ok(service.send('GET', `/customers/${userID}?links=all`));
      expect(none).toMatchObject({ _links: { address: [], card: [] } });
      const added = [];
      for (const street of ['A', 'B', 'C']) {
        added.push(await created('/addresses', { street, userID }));
      }
      await ok(service.send('DELETE', `/addresses/${added.shift()}`));
      expect(await ok(service.send('GET', `/customers/${userID}?links=all`))).toMatchObject({
        _links: { address: added.map((id) => linksOf('address', id).self), card: [] },
      });
      await refused(service.send('GET', `/customers/${UNKNOWN}?links=all`), 404, 'not found');
    });

    it('GET /customers/{id}?address=&card= answers 200 and embeds the two, if they exist', async () => {
      const read = (query: string) => ok(service.send('GET', `/customers/${EVE}?${query}`));
      const both = { address: eveAddress, card: eveCard };
      const address = `address=${eveAddress.id.toUpperCase()}`;
      expect(await read(`${address}&card=${eveCard.id}`)).toEqual({ ...eve, _embedded: both });
      for (const id of [UNKNOWN, 'nonsense', '']) {
        expect(await read(`${address}&card=${id}`)).toEqual({
          ...eve,
          _embedded: { address: eveAddress },
        });
      }
      const unknown = service.send('GET', `/customers/${UNKNOWN}?${address}`);
      await refused(unknown, 404, 'not found');
    });

    it('GET /customers/{id}/addresses and /cards answer 200 with its own', async () => {
      expect(await ok(service.send('GET', `/customers/${EVE}/addresses`))).toEqual({
        _embedded: { address: [eveAddress] },
      });
      expect(await ok(service.send('GET', `/customers/${EVE}/cards`))).toEqual({
        _embedded: { card: [eveCard] },
      });
    });

    it('POST /customers answers 200; an account without a password cannot log in', async () => {
      const username = randomUUID();
      const id = await created('/customers', { username, firstName: 'A', lastName: 'B' });
      expect(await ok(service.send('GET', `/customers/${id}`))).toEqual(
        customerJson(id, 'A', 'B', username),
      );
      expect((await logIn(service, username, '')).status).toBe(401);
      expect((await logIn(service, username, 'password')).status).toBe(401);
    });

    it('POST /customers answers 200 and uses a password', async () => {
      const username = randomUUID();
      const id = await created('/customers', { username, password: 'secret' });
      expect(await ok(logIn(service, username, 'secret'))).toMatchObject({ user: { id } });
    });

    it('POST /customers answers 409 to a taken name and 400 to none', async () => {
      const taken = service.send('POST', '/customers', { username: 'user' });
      await refused(taken, 409, 'the user name is taken; choose another');
      await refused(service.send('POST', '/customers', {}), 400, expect.any(String));
    });

    it('DELETE /customers/{id} answers 200, then 404, and takes addresses and cards along', async () => {
      const username = randomUUID();
      const userID = await created('/register', { username, password: 'x' });
      const address = await created('/addresses', { street: 'A', userID });
      const card = await created('/cards', { longNum: '4111111111111111', userID });
      expect((await logIn(service, username, 'x')).status).toBe(200);
      expect(await ok(service.send('DELETE', `/customers/${userID}`))).toEqual({ status: true });
      await refused(service.send('DELETE', `/customers/${userID}`), 404, 'not found');
      await refused(service.send('GET', `/customers/${userID}`), 404, 'not found');
      await refused(service.send('GET', `/addresses/${address}`), 404, 'not found');
      await refused(service.send('GET', `/cards/${card}`), 404, 'not found');
      expect((await logIn(service, username, 'x')).status).toBe(401);
    });
  });
});
