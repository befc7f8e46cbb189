import { beforeEach, describe, expect, it } from '@jest/globals';
import type { CookieClient } from '@sockshop/testing';
import { problem, refused, frontEndSuite } from './running-front-end.ts';
import { customerDocument } from './shop-stand-ins.ts';

const ADDRESS = { number: '246', street: 'Road', city: 'Glasgow', postcode: 'G67', country: 'UK' };
const CARD = { longNum: '5544154011345918', expires: '08/29', ccv: '958' };

/** Eve has an address and a card, Ada has neither. */
describe('customer data', () => {
  const { shop, frontEnd } = frontEndSuite();
  let eve: CookieClient;
  let ada: CookieClient;
  let guest: CookieClient;
  beforeEach(async () => {
    eve = await frontEnd.loggedIn();
    ada = await frontEnd.loggedIn('ada', 'secret');
    guest = frontEnd.browser();
  });

  const own = (kind: string, id: string) => ({ self: { href: `http://user/${kind}/${id}` } });
  const evesAddress = () => {
    const { userID: _eve, ...address } = shop.addresses.get('a1')!;
    return { ...address, _links: own('addresses', 'a1') };
  };
  const evesCard = {
    id: 'c1',
    longNum: '************9678',
    expires: '08/19',
    ccv: '***',
    _links: own('cards', 'c1'),
  };

  it.each([
    ['GET', '/customers', undefined],
    ['GET', '/customers/eve1', undefined],
    ['GET', '/customers/forged-cookie', undefined],
    ['DELETE', '/customers/eve1', undefined],
    ['GET', '/addresses', undefined],
    ['GET', '/address', undefined],
    ['POST', '/addresses', ADDRESS],
    ['DELETE', '/addresses/a1', undefined],
    ['GET', '/cards', undefined],
    ['GET', '/card', undefined],
    ['GET', '/cards/c1', undefined],
    ['POST', '/cards', CARD],
    ['DELETE', '/cards/c1', undefined],
  ])('%s %s answers 401 to a guest', async (method, path, body) => {
    shop.userServer.received = [];
    const response = await guest.request(method, path, body);
    expect(await problem(response)).toEqual(refused(401, 'User not logged in.'));
    expect(shop.userServer.received).toEqual([]);
  });

  describe('/customers', () => {
    it.each(['/customers/logged-in-cookie', '/customers/ada1', '/customers/eve1'])(
      'GET %s answers 200 with the caller, without a content type',
      async (path) => {
        const response = await eve.get(path);
        expect(response.status).toBe(200);
        expect(response.headers.get('content-type')).toBeNull();
        const document = customerDocument(shop.accounts.get('eve1')!);
        expect(JSON.parse(await response.text())).toEqual(document);
      },
    );

    it('GET /customers/:id answers 200 with status_code 500 for an account that is gone', async () => {
      shop.accounts.delete('eve1');
      const response = await eve.get('/customers/x');
      expect(response.status).toBe(200);
      expect(JSON.parse(await response.text())).toEqual({ status_code: 500 });
    });

    it('GET /customers answers 200 with the caller alone', async () => {
      const response = await eve.get('/customers');
      expect(response.status).toBe(200);
      const customer = [customerDocument(shop.accounts.get('eve1')!)];
      expect(await response.json()).toEqual({ _embedded: { customer } });
    });

    it('POST /customers answers 200 with an id, without a login', async () => {
      const response = await guest.post('/customers', { username: 'zoe', password: 'wool' });
      expect(response.status).toBe(200);
      const { id } = (await response.json()) as { id: string };
      expect(shop.accounts.get(id)).toMatchObject({ username: 'zoe' });
      expect(guest.cookies.has('logged_in')).toBe(false);
    });

    it('POST /customers answers 409 for a taken name and 400 without one', async () => {
      const taken = await guest.post('/customers', { username: 'eve', password: 'x' });
      expect(await problem(taken)).toEqual(refused(409, 'this name is taken'));
      const nameless = await guest.post('/customers', { password: 'x' });
      expect(await problem(nameless)).toEqual(refused(400, expect.stringContaining('username')));
    });

    it('DELETE /customers/:id answers 200 for oneself and ends the session', async () => {
      const response = await eve.delete('/customers/eve1');
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ status: true });
      expect(shop.accounts.has('eve1')).toBe(false);
      expect((await eve.get('/orders')).status).toBe(401);
    });

    it('DELETE /customers/:id answers 404 for another', async () => {
      const response = await ada.delete('/customers/eve1');
      expect(await problem(response)).toEqual(refused(404, 'not found'));
      expect(shop.accounts.has('eve1')).toBe(true);
    });
  });

  describe('/addresses', () => {
    it('GET /address answers 200 with the first address', async () => {
      const response = await eve.get('/address');
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual(evesAddress());
    });

    it('GET /address answers 200 with the first of two', async () => {
      shop.addresses.set('a2', { ...ADDRESS, id: 'a2', userID: 'eve1' });
      expect(await (await eve.get('/address')).json()).toEqual(evesAddress());
    });

    it('GET /address answers 200 with status_code 500 where there is none', async () => {
      const response = await ada.get('/address');
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ status_code: 500 });
    });

    it("GET /addresses answers 200 with the caller's own", async () => {
      const response = await eve.get('/addresses');
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ _embedded: { address: [evesAddress()] } });
      expect(await (await ada.get('/addresses')).json()).toEqual({ _embedded: { address: [] } });
    });

    it('POST /addresses answers 200 and stores it for the caller, whichever customer the body names', async () => {
      const response = await ada.post('/addresses', { ...ADDRESS, userID: 'eve1' });
      expect(response.status).toBe(200);
      const { id } = (await response.json()) as { id: string };
      expect(shop.addresses.get(id)).toEqual({ ...ADDRESS, id, userID: 'ada1' });
    });

    it.each([
      ['no street', { ...ADDRESS, street: undefined }],
      ['a number for text', { ...ADDRESS, number: 246 }],
      ['no body', undefined],
    ])('POST /addresses answers 400 for %s', async (_case, body) => {
      const response = await ada.post('/addresses', body);
      expect(await problem(response)).toEqual(refused(400, expect.any(String)));
      expect(shop.addresses.size).toBe(1);
    });

    it("DELETE /addresses/:id answers 200 for one's own, 404 for another's", async () => {
      const foreign = await ada.delete('/addresses/a1');
      expect(await problem(foreign)).toEqual(refused(404, 'not found'));
      expect(shop.addresses.has('a1')).toBe(true);
      const response = await eve.delete('/addresses/a1');
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ status: true });
      expect(shop.addresses.has('a1')).toBe(false);
    });
  });

  describe('/cards', () => {
    it('GET /card answers 200 with the last four digits', async () => {
      const response = await eve.get('/card');
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ number: '9678' });
    });

    it('GET /card answers 200 with the digits of the first of two', async () => {
      shop.cards.set('c2', { ...CARD, id: 'c2', userID: 'eve1' });
      expect(await (await eve.get('/card')).json()).toEqual({ number: '9678' });
    });

    it('GET /card answers 200 with status_code 500 where there is none', async () => {
      const response = await ada.get('/card');
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ status_code: 500 });
    });

    it("GET /cards answers 200 with the caller's own, masked", async () => {
      const response = await eve.get('/cards');
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ _embedded: { card: [evesCard] } });
      expect(await (await ada.get('/cards')).json()).toEqual({ _embedded: { card: [] } });
    });

    it("GET /cards/:id answers 200 for one's own, masked, and 404 for another's", async () => {
      const response = await eve.get('/cards/c1');
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual(evesCard);
      expect(await problem(await ada.get('/cards/c1'))).toEqual(refused(404, 'not found'));
      expect(await problem(await eve.get('/cards/c2'))).toEqual(refused(404, 'not found'));
    });

    it('POST /cards answers 200 and stores it for the caller, whichever customer the body names', async () => {
      const response = await ada.post('/cards', { ...CARD, userID: 'eve1' });
      expect(response.status).toBe(200);
      const { id } = (await response.json()) as { id: string };
      expect(shop.cards.get(id)).toEqual({ ...CARD, id, userID: 'ada1' });
    });

    it.each([
      ['no number', { ...CARD, longNum: undefined }],
      ['a number of three digits', { ...CARD, longNum: '123' }],
      ['no body', undefined],
    ])('POST /cards answers 400 for %s', async (_case, body) => {
      const response = await ada.post('/cards', body);
      expect(await problem(response)).toEqual(refused(400, expect.any(String)));
      expect(shop.cards.size).toBe(1);
    });

    it("DELETE /cards/:id answers 200 for one's own, 404 for another's", async () => {
      expect(await problem(await ada.delete('/cards/c1'))).toEqual(refused(404, 'not found'));
      expect(shop.cards.has('c1')).toBe(true);
      const response = await eve.delete('/cards/c1');
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ status: true });
      expect(shop.cards.has('c1')).toBe(false);
    });
  });
});
