import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { basic, type CookieClient, HANG, StandIn, TcpProxy } from '@sockshop/testing';
import { problem, refused, RunningFrontEnd } from './running-front-end.ts';
import { ShopStandIns } from './shop-stand-ins.ts';

const SESSION_KEY = 'one key for all front-ends';
const ADDRESS = { number: '1', street: 'Road', city: 'Bath', postcode: '', country: 'UK' };
const CARD = { longNum: '5544154011345918', expires: '08/29', ccv: '958' };
const ACCOUNT = { username: 'zoe', password: 'wool' };
interface Sent {
  body?: object;
  headers?: Record<string, string>;
}
const BASIC = { authorization: basic('eve', 'pässword') };

const ROUTES: [upstream: string, method: string, path: string, sent: Sent][] = [
  ['catalogue', 'GET', '/catalogue', {}],
  ['catalogue', 'GET', '/catalogue/size', {}],
  ['catalogue', 'GET', '/catalogue/holy', {}],
  ['catalogue', 'GET', '/catalogue/images/holy_1.jpeg', {}],
  ['catalogue', 'GET', '/tags', {}],
  ['catalogue', 'POST', '/cart', { body: { id: 'holy' } }],
  ['catalogue', 'POST', '/cart/update', { body: { id: 'holy', quantity: 2 } }],
  ['carts', 'GET', '/cart', {}],
  ['carts', 'GET', '/cart/summary', {}],
  ['carts', 'POST', '/cart', { body: { id: 'holy' } }],
  ['carts', 'POST', '/cart/update', { body: { id: 'holy', quantity: 2 } }],
  ['carts', 'DELETE', '/cart/holy', {}],
  ['carts', 'DELETE', '/cart', {}],
  ['orders', 'GET', '/orders', {}],
  ['orders', 'GET', '/orders/o1', {}],
  ['orders', 'POST', '/orders', {}],
  ['user', 'POST', '/orders', {}],
  ['user', 'GET', '/login', { headers: BASIC }],
  ['user', 'POST', '/register', { body: ACCOUNT }],
  ['user', 'POST', '/customers', { body: ACCOUNT }],
  ['user', 'GET', '/customers', {}],
  ['user', 'GET', '/customers/eve1', {}],
  ['user', 'DELETE', '/customers/eve1', {}],
  ['user', 'GET', '/address', {}],
  ['user', 'GET', '/addresses', {}],
  ['user', 'POST', '/addresses', { body: ADDRESS }],
  ['user', 'DELETE', '/addresses/a1', {}],
  ['user', 'GET', '/card', {}],
  ['user', 'GET', '/cards', {}],
  ['user', 'GET', '/cards/c1', {}],
  ['user', 'POST', '/cards', { body: CARD }],
  ['user', 'DELETE', '/cards/c1', {}],
];

/** What old clients read of any response. */
const SHAPES: Record<string, object> = { '/catalogue/size': { size: 0 }, '/tags': { tags: [] } };

describe('with an unavailable upstream', () => {
  let shop: ShopStandIns;
  let whole: RunningFrontEnd;
  let eve: CookieClient;
  const without = new Map<string, RunningFrontEnd>();

  beforeAll(async () => {
    shop = await ShopStandIns.start();
    shop.reset();
    whole = await RunningFrontEnd.start({ ...shop.env, SESSION_KEY });
    eve = await whole.loggedIn();
    const nowhere = await TcpProxy.reserve(shop.userServer.url);
    for (const upstream of ['catalogue', 'carts', 'orders', 'user']) {
      const env = { [`${upstream.toUpperCase()}_URL`]: nowhere.url, SESSION_KEY };
      without.set(upstream, await RunningFrontEnd.start({ ...shop.env, ...env }));
    }
  });
  afterAll(async () => {
    for (const frontEnd of [whole, ...without.values()]) await frontEnd.close();
    await shop.close();
  });

  const asEve = (upstream: string): CookieClient => {
    const browser = without.get(upstream)!.browser();
    for (const [name, value] of eve.cookies) browser.cookies.set(name, value);
    return browser;
  };

  it.each(ROUTES)(
    'without %s, %s %s answers 503 with retry-after',
    async (upstream, method, path, { body, headers }) => {
      const response = await asEve(upstream).request(method, path, body, headers);
      expect(response.headers.get('retry-after')).toBe('1');
      const message = expect.stringMatching(new RegExp(`^${upstream} `));
      const shape = (await response.clone().json()) as object;
      expect(shape).toMatchObject(SHAPES[path] ?? {});
      expect(await problem(response)).toEqual(refused(503, message));
    },
  );

  it('without carts, a login still answers 200', async () => {
    const browser = without.get('carts')!.browser();
    expect((await browser.logIn('eve', 'pässword')).status).toBe(200);
    expect((await browser.get('/orders')).status).toBe(201);
  });

  it('pages and health go on', async () => {
    for (const frontEnd of without.values()) {
      expect((await fetch(`${frontEnd.url}/`)).status).toBe(200);
      expect((await fetch(`${frontEnd.url}/readyz`)).status).toBe(200);
    }
  });

  it('that answers too late, GET /cart answers 503 within the deadline', async () => {
    const hanging = await StandIn.start(() => HANG);
    const env = { ...shop.env, CARTS_URL: hanging.url, UPSTREAM_TIMEOUT_MS: '100' };
    const frontEnd = await RunningFrontEnd.start(env);
    const response = await frontEnd.browser().get('/cart');
    expect(await problem(response)).toEqual(refused(503, 'carts did not answer in time'));
    await frontEnd.close();
    await hanging.close();
  });

  it.each([
    ['catalogue', 'POST', '/cart', { id: 'holy' }],
    ['carts', 'GET', '/cart', undefined],
    ['carts', 'GET', '/cart/summary', undefined],
    ['orders', 'GET', '/orders', undefined],
    ['user', 'GET', '/cards', undefined],
  ])(
    'whose answers make no sense (%s), %s %s answers 503',
    async (upstream, method, path, body) => {
      const server = {
        catalogue: shop.catalogueServer,
        carts: shop.cartsServer,
        orders: shop.ordersServer,
        user: shop.userServer,
      }[upstream]!;
      server.instead = () => ({ status: 200, body: Buffer.from('no JSON') });
      const response = await eve.request(method, path, body);
      const message = `${upstream} gave an answer that cannot be read`;
      expect(await problem(response)).toEqual(refused(503, message));
      server.instead = undefined;
    },
  );
});
