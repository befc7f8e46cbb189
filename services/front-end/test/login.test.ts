import { describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { problem, refused, frontEndSuite, RunningFrontEnd } from './running-front-end.ts';
import { customerDocument, ShopStandIns } from './shop-stand-ins.ts';

const ZOE = { username: 'zoe', password: 'wool', email: 'z@x.org', firstName: 'Z', lastName: 'O' };

/** A hash on a busy machine. */
const SLOW_MS = 150;

it('GET /login, POST /register and POST /customers have a deadline of their own', async () => {
  const shop = await ShopStandIns.start();
  shop.reset();
  const frontEnd = await RunningFrontEnd.start({ ...shop.env, UPSTREAM_TIMEOUT_MS: '50' });
  shop.userServer.instead = async () => {
    await wait(SLOW_MS);
    return undefined;
  };
  expect((await frontEnd.browser().logIn('eve', 'pässword')).status).toBe(200);
  expect((await frontEnd.browser().post('/register', ZOE)).status).toBe(200);
  const yan = { ...ZOE, username: 'yan' };
  expect((await frontEnd.browser().post('/customers', yan)).status).toBe(200);
  await frontEnd.close();
  await shop.close();
});

describe('login', () => {
  const { shop, frontEnd } = frontEndSuite();

  describe('GET /login', () => {
    it('answers 200 with a readable cookie for an hour', async () => {
      const browser = frontEnd.browser();
      const response = await browser.logIn('eve', 'pässword');
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(await response.text()).toBe('Cookie is set');
      const [readable, sealed] = response.headers.getSetCookie().sort();
      expect(readable).toMatch(/^logged_in=[\w-]{24}; Max-Age=3600; Path=\/; SameSite=Lax$/);
      expect(sealed).toMatch(/^md\.sid=[^;]+; Path=\/; HttpOnly; SameSite=Lax$/);
    });

    it.each([
      ['a wrong password', 'eve', 'wrong'],
      ['an unknown name', 'nobody', 'pässword'],
      ['empty credentials', '', ''],
    ])('answers 401 for %s', async (_case, name, password) => {
      const browser = frontEnd.browser();
      const response = await browser.logIn(name, password);
      expect(await problem(response)).toEqual(refused(401, 'Invalid login credentials.'));
      expect(browser.cookies.has('logged_in')).toBe(false);
      expect((await browser.get('/orders')).status).toBe(401);
    });

    it.each([[undefined], ['Bearer abc']])('answers 401 for authorization %p', async (given) => {
      const headers: Record<string, string> = given === undefined ? {} : { authorization: given };
      const response = await frontEnd.browser().get('/login', headers);
      expect(await problem(response)).toEqual(refused(401, 'Invalid login credentials.'));
      expect(shop.userServer.received).toEqual([]);
    });

    it.each(['not found', 'Do: Unauthorized'])(
      'answers 401 where an original user says 500 "%s"',
      async (error) => {
        shop.userServer.instead = () => ({ status: 500, body: { error, status_code: 500 } });
        const response = await frontEnd.browser().logIn('eve', 'pässword');
        expect(await problem(response)).toEqual(refused(401, 'Invalid login credentials.'));
      },
    );

    it('answers 429 with the retry-after of user, which counts wrong logins by the address of the caller', async () => {
      const headers = { 'retry-after': '37' };
      shop.userServer.instead = () => ({ status: 429, headers, body: { message: 'too many' } });
      const authorization = 'Basic ZXZlOndyb25n';
      const response = await frontEnd
        .browser()
        .get('/login', { authorization, 'x-forwarded-for': '192.0.2.7, 198.51.100.3' });
      expect(response.headers.get('retry-after')).toBe('37');
      const words = 'Too many wrong logins. Please wait before the next one.';
      expect(await problem(response)).toEqual(refused(429, words));
      expect(shop.userServer.received.at(-1)?.headers['x-forwarded-for']).toBe('198.51.100.3');
    });

    it('waits for user as long as a slow machine hashes, and cancels the call of a caller who hung up', async () => {
      const caller = new AbortController();
      const gone = Promise.withResolvers<undefined>();
      shop.userServer.instead = () => (response) => {
        response.once('close', () => {
          gone.resolve(undefined);
        });
        caller.abort();
      };
      const headers = { authorization: 'Basic ZXZlOndyb25n' };
      const { signal } = caller;
      const login = fetch(`${frontEnd.url}/login`, { headers, signal });
      await expect(login).rejects.toThrow(/abort/);
      await gone.promise;
      shop.userServer.instead = undefined;
      expect((await frontEnd.browser().logIn('eve', 'pässword')).status).toBe(200);
    });

    it('answers 503 when user fails, which says nothing about the password', async () => {
      shop.userServer.instead = () => ({ status: 500, body: {} });
      const response = await frontEnd.browser().logIn('eve', 'pässword');
      expect(response.headers.get('retry-after')).toBe('1');
      expect(await problem(response)).toEqual(refused(503, 'user answered with an error'));
    });
  });

  describe('POST /register', () => {
    it('answers 200 with the id and logs in', async () => {
      const browser = frontEnd.browser();
      await browser.post('/cart', { id: 'holy' });
      const response = await browser.post('/register', ZOE);
      expect(response.status).toBe(200);
      const { id } = (await response.json()) as { id: string };
      expect(shop.accounts.get(id)).toEqual({ ...ZOE, id });
      const self = await browser.get(`/customers/${browser.cookies.get('logged_in')!}`);
      expect(JSON.parse(await self.text())).toEqual(customerDocument({ ...ZOE, id }));
      expect(await (await browser.get('/cart')).json()).toHaveLength(1);
    });

    it.each(['/register', '/customers'])(
      'sends user a key of the visit to %s, so that a repeat after a 503 can find the account',
      async (path) => {
        const keyOf = () => shop.userServer.received.at(-1)?.headers['idempotency-key'];
        const browser = frontEnd.browser();
        shop.userServer.instead = () => ({ status: 503, body: {} });
        expect((await browser.post(path, ZOE)).status).toBe(503);
        const first = keyOf();
        expect(first).toMatch(/^[\da-f]{12}$/);
        shop.userServer.instead = undefined;
        expect((await browser.post(path, ZOE)).status).toBe(200);
        expect(keyOf()).toBe(first);
        await frontEnd.browser().post(path, { ...ZOE, username: 'yan' });
        expect(keyOf()).not.toBe(first);
      },
    );

    it('answers 409 for a name that is taken, and stays as it was', async () => {
      const browser = frontEnd.browser();
      const response = await browser.post('/register', { ...ZOE, username: 'eve' });
      expect(await problem(response)).toEqual(refused(409, 'this name is taken'));
      expect(browser.cookies.has('logged_in')).toBe(false);
    });

    it('answers 409 where an original user says 500 "duplicate key"', async () => {
      const error = 'E11000 duplicate key error collection: users.customers';
      shop.userServer.instead = () => ({ status: 500, body: { error, status_code: 500 } });
      const response = await frontEnd.browser().post('/register', ZOE);
      const message = 'the user name is taken; choose another';
      expect(await problem(response)).toEqual(refused(409, message));
    });

    it.each([
      ['no name', { ...ZOE, username: undefined }],
      ['an empty name', { ...ZOE, username: '' }],
      ['no password', { ...ZOE, password: undefined }],
      ['a number for a name', { ...ZOE, username: 7 }],
      ['no body', undefined],
      ['broken JSON', '{'],
    ])('answers 400 for %s', async (_case, body) => {
      const response = await frontEnd.browser().post('/register', body);
      expect(await problem(response)).toEqual(refused(400, expect.any(String)));
      expect(shop.accounts.size).toBe(2);
    });

    it('answers 400 in the words of user', async () => {
      const message = 'password: too short';
      shop.userServer.instead = () => ({
        status: 400,
        body: { message, errors: [{ field: 'p', message: 'too short' }] },
      });
      const response = await frontEnd.browser().post('/register', ZOE);
      expect(await response.json()).toMatchObject({
        status: 400,
        message,
        errors: [{ field: 'p', message: 'too short' }],
      });
    });
  });

  describe('POST /logout', () => {
    it('answers 204 and ends the session', async () => {
      const browser = await frontEnd.loggedIn();
      const response = await browser.post('/logout');
      expect(response.status).toBe(204);
      expect([...browser.cookies.keys()]).toEqual([]);
      expect((await browser.get('/orders')).status).toBe(401);
    });

    it('answers 204 to a guest too', async () => {
      expect((await frontEnd.browser().post('/logout')).status).toBe(204);
    });
  });
});
