import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { parseKeyPairsIntoRecord } from '@opentelemetry/core';
import type { CookieClient } from '@sockshop/testing';
import { RunningFrontEnd } from './running-front-end.ts';
import { ShopStandIns } from './shop-stand-ins.ts';

describe('the baggage of calls', () => {
  let shop: ShopStandIns;
  const running: RunningFrontEnd[] = [];
  beforeAll(async () => {
    shop = await ShopStandIns.start();
  });
  beforeEach(() => {
    shop.reset();
  });
  afterAll(async () => {
    for (const each of running) await each.close();
    await shop.close();
  });

  const start = async (env: Record<string, string> = {}): Promise<RunningFrontEnd> => {
    const frontEnd = await RunningFrontEnd.start({ ...shop.env, ...env });
    running.push(frontEnd);
    return frontEnd;
  };
  /** What carts got with an added sock: a request with a body. */
  async function carried(
    browser: CookieClient,
    headers: Record<string, string> = {},
  ): Promise<Record<string, string>> {
    shop.cartsServer.received.length = 0;
    await browser.post('/cart', { id: 'holy' }, headers);
    const [call] = shop.cartsServer.received;
    return parseKeyPairsIntoRecord(String(call?.headers['baggage'] ?? ''));
  }

  it('has the visit of a guest and no user name', async () => {
    const frontEnd = await start();
    const browser = frontEnd.browser();
    await browser.get('/');
    expect(await carried(browser)).toEqual({ 'session.id': expect.stringMatching(/^[\w-]{24}$/) });
  });

  it('has the pseudonym of a customer, which the SERVER span shows and log lines, not a name of the caller', async () => {
    const frontEnd = await start();
    const eve = await frontEnd.loggedIn();
    frontEnd.spans.reset();
    const sent = await carried(eve, { baggage: 'user-name=mallory,session.id=1,kept=1' });
    const [server] = frontEnd.spans
      .getFinishedSpans()
      .filter(({ kind }) => kind === SpanKind.SERVER);
    const pseudonym = server?.attributes['enduser.pseudo.id'];
    expect(pseudonym).toMatch(/^[\da-f]{12}$/);
    expect(sent).toMatchObject({ 'user-name': pseudonym, kept: '1' });
    expect(server?.attributes).toMatchObject({
      'user-name': pseudonym,
      'session.id': sent['session.id'],
    });
  });

  it.each(['/login', '/register'])(
    'has the login name of a customer after %s with USER_NAME_BAGGAGE=name',
    async (path) => {
      const frontEnd = await start({ USER_NAME_BAGGAGE: 'name' });
      const browser = frontEnd.browser();
      const name = 'Ève';
      if (path === '/login') expect((await browser.logIn('eve', 'pässword')).status).toBe(200);
      else {
        const customer = { username: name, password: 'password', email: 'e@example.org' };
        expect((await browser.post(path, customer)).status).toBe(200);
      }
      expect((await carried(browser))['user-name']).toBe(path === '/login' ? 'eve' : name);
    },
  );

  it('has no user name with USER_NAME_BAGGAGE=off', async () => {
    const frontEnd = await start({ USER_NAME_BAGGAGE: 'off' });
    expect(Object.keys(await carried(await frontEnd.loggedIn()))).toEqual(['session.id']);
  });
});
