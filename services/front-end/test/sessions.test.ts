import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CookieClient } from '@sockshop/testing';
import { RunningFrontEnd } from './running-front-end.ts';
import { ShopStandIns } from './shop-stand-ins.ts';

const SESSION_KEY = 'one key for all front-ends';

describe('sessions', () => {
  let shop: ShopStandIns;
  let frontEnd: RunningFrontEnd;
  let other: RunningFrontEnd;

  beforeAll(async () => {
    shop = await ShopStandIns.start();
    frontEnd = await RunningFrontEnd.start({ ...shop.env, SESSION_KEY, SESSION_REDIS: 'true' });
    other = await RunningFrontEnd.start({ ...shop.env, SESSION_KEY });
  });
  beforeEach(() => {
    shop.reset();
    frontEnd.clockMs = Date.now();
  });
  afterAll(async () => {
    await frontEnd.close();
    await other.close();
    await shop.close();
  });

  const status = async (browser: CookieClient, path = '/orders') =>
    (await browser.get(path)).status;
  const lines = async (browser: CookieClient) => (await browser.get('/cart')).json();

  it.each(['/', '/category.html', '/cart', '/catalogue', '/tags', '/orders'])(
    'start with GET %s, and the second answer sets no cookie',
    async (path) => {
      const browser = frontEnd.browser();
      const [cookie, ...more] = (await browser.get(path)).headers.getSetCookie();
      expect(cookie).toMatch(/^md\.sid=[^;]+; Path=\/; HttpOnly; SameSite=Lax$/);
      expect(more).toEqual([]);
      expect((await browser.get(path)).headers.getSetCookie()).toEqual([]);
    },
  );

  it.each([
    '/assets/index-1a2b3c.js',
    '/assets/nosuch.js',
    '/catalogue/images/holy_1.jpeg',
    '/metrics',
    '/health',
    '/nosuch',
  ])('do not start with GET %s', async (path) => {
    expect((await frontEnd.browser().get(path)).headers.getSetCookie()).toEqual([]);
  });

  it('are one for all calls that a page makes at once', async () => {
    const browser = frontEnd.browser();
    await browser.get('/');
    await Promise.all([
      browser.post('/cart', { id: 'holy' }),
      browser.get('/catalogue'),
      browser.post('/cart', { id: 'crossed' }),
    ]);
    expect([...shop.carts.keys()]).toHaveLength(1);
  });

  it('are never mixed up among many shoppers at once', async () => {
    const browsers = Array.from({ length: 100 }, () => frontEnd.browser());
    await Promise.all(
      browsers.map(async (browser, index) => {
        await browser.get('/');
        await browser.post('/cart', { id: 'holy' });
        if (index % 2 === 0) await browser.post('/cart', { id: 'crossed' });
      }),
    );
    const carts = await Promise.all(browsers.map((browser) => lines(browser)));
    expect(carts.map((cart) => (cart as unknown[]).length)).toEqual(
      browsers.map((_browser, index) => (index % 2 === 0 ? 2 : 1)),
    );
  });

  it('hold at every front-end with the same key, at none with another', async () => {
    const browser = await frontEnd.loggedIn();
    const elsewhere = other.browser();
    for (const [name, value] of browser.cookies) elsewhere.cookies.set(name, value);
    expect(await status(elsewhere)).toBe(201);
    const strange = await RunningFrontEnd.start({ ...shop.env, SESSION_KEY: 'a key of its own' });
    const stranger = strange.browser();
    for (const [name, value] of browser.cookies) stranger.cookies.set(name, value);
    expect(await status(stranger)).toBe(401);
    await strange.close();
  });

  it('need both cookies for a login: a forged, a lost or a foreign half makes a guest', async () => {
    const eve = await frontEnd.loggedIn();
    const ada = await frontEnd.loggedIn('ada', 'secret');
    const forged = frontEnd.browser();
    forged.cookies.set('logged_in', eve.cookies.get('logged_in')!);
    expect(await status(forged)).toBe(401);
    forged.cookies.set('md.sid', ada.cookies.get('md.sid')!);
    expect(await status(forged)).toBe(401);
    const changed = eve.cookies
      .get('md.sid')!
      .replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
    eve.cookies.set('md.sid', changed);
    expect(await status(eve)).toBe(401);
    ada.cookies.delete('logged_in');
    expect(await status(ada)).toBe(401);
    expect(await lines(ada)).toEqual([]);
  });

  it('let a login last an hour', async () => {
    const browser = await frontEnd.loggedIn();
    await browser.post('/cart', { id: 'holy' });
    frontEnd.clockMs += 3_599_999;
    expect(await status(browser)).toBe(201);
    frontEnd.clockMs += 1;
    expect(await status(browser)).toBe(401);
    expect(await lines(browser)).toEqual([]);
    await browser.logIn('eve', 'pässword');
    expect(await lines(browser)).toHaveLength(1);
  });

  it('are new with each login', async () => {
    const browser = frontEnd.browser();
    await browser.get('/');
    const guest = browser.cookies.get('md.sid')!;
    await browser.logIn('eve', 'pässword');
    const first = browser.cookies.get('logged_in')!;
    const planted = frontEnd.browser();
    planted.cookies.set('md.sid', guest);
    planted.cookies.set('logged_in', first);
    expect(await status(planted)).toBe(401);
    await browser.logIn('eve', 'pässword');
    expect(browser.cookies.get('logged_in')).not.toBe(first);
    expect(browser.cookies.get('md.sid')).not.toBe(guest);
  });

  it('keep a login that happens while an earlier call is still under way', async () => {
    const browser = frontEnd.browser();
    await browser.get('/');
    const arrived = Promise.withResolvers<undefined>();
    const held = Promise.withResolvers<undefined>();
    shop.cartsServer.instead = (asked) => {
      if (asked.method !== 'GET' || !asked.path.endsWith('/items')) return undefined;
      arrived.resolve(undefined);
      return held.promise.then(() => ({ status: 200, body: [] }));
    };
    const late = browser.get('/cart');
    await arrived.promise;
    await browser.logIn('eve', 'pässword');
    held.resolve(undefined);
    expect((await late).headers.getSetCookie()).toEqual([]);
    expect(await status(browser)).toBe(201);
  });

  it('get secure cookies behind TLS', async () => {
    const browser = frontEnd.browser();
    const page = await browser.get('/', { 'x-forwarded-proto': 'https' });
    expect(page.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^md\.sid=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    ]);
    const authorization = `Basic ${Buffer.from('eve:pässword').toString('base64')}`;
    const login = await browser.get('/login', { authorization, 'x-forwarded-proto': 'https' });
    expect(login.headers.getSetCookie()).toHaveLength(2);
    for (const cookie of login.headers.getSetCookie()) expect(cookie).toContain('; Secure;');
  });

  it('ignore SESSION_REDIS and say so once', () => {
    const said = frontEnd.lines.filter((line) => line.includes('SESSION_REDIS'));
    expect(said).toHaveLength(1);
    expect(other.lines.join()).not.toContain('SESSION_REDIS');
  });

  describe('at login', () => {
    it("add the guest's cart to the customer's", async () => {
      const before = await frontEnd.loggedIn();
      await before.post('/cart', { id: 'crossed' });
      const browser = frontEnd.browser();
      await browser.post('/cart', { id: 'holy' });
      await browser.logIn('eve', 'pässword');
      expect(await lines(browser)).toHaveLength(2);
      browser.cookies.delete('logged_in');
      expect(await lines(browser)).toEqual([]);
      expect(shop.carts.get('eve1')).toHaveLength(2);
    });

    it('give the guest of the same browser another cart afterwards', async () => {
      const browser = frontEnd.browser();
      await browser.post('/cart', { id: 'holy' });
      const [before] = [...shop.carts.keys()];
      await browser.logIn('eve', 'pässword');
      browser.cookies.delete('logged_in');
      await browser.post('/cart', { id: 'crossed' });
      expect([...shop.carts.keys()]).toEqual(['eve1', expect.stringMatching(/^[\w-]{24}$/)]);
      expect([...shop.carts.keys()]).not.toContain(before);
    });

    it("keep the guest's cart while carts cannot merge it, and add it at the next GET /cart", async () => {
      const browser = frontEnd.browser();
      await browser.post('/cart', { id: 'holy' });
      let down = true;
      shop.cartsServer.instead = ({ path }) =>
        down && path.endsWith('/merge') ? { status: 500 } : undefined;
      expect((await browser.logIn('eve', 'pässword')).status).toBe(200);
      expect(await lines(browser)).toEqual([]);
      down = false;
      const response = await browser.get('/cart');
      expect(await response.json()).toHaveLength(1);
      expect(response.headers.getSetCookie()).toHaveLength(1);
      const merges = () => shop.cartsServer.received.filter(({ path }) => path.endsWith('/merge'));
      const done = merges().length;
      const again = await browser.get('/cart');
      expect(await again.json()).toHaveLength(1);
      expect(merges()).toHaveLength(done);
      expect(await status(browser)).toBe(201);
    });

    it('add it at the next login, when it was not possible at the first', async () => {
      const browser = frontEnd.browser();
      await browser.post('/cart', { id: 'holy' });
      shop.cartsServer.instead = () => ({ status: 500 });
      await browser.logIn('eve', 'pässword');
      shop.cartsServer.instead = undefined;
      await browser.logIn('eve', 'pässword');
      expect(shop.carts.get('eve1')).toHaveLength(1);
    });
  });
});
