import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RunningFrontEnd } from './running-front-end.ts';
import { ShopStandIns } from './shop-stand-ins.ts';

const CANARY = { username: 'zoe', password: 'canary-password', email: 'canary@example.org' };
const CARD = { longNum: '5500005555555559', expires: '08/29', ccv: '735' };
const ADDRESS = { number: '1', street: 'Road', city: 'Bath', postcode: '', country: 'UK' };

let shop: ShopStandIns;
let frontEnd: RunningFrontEnd;
beforeAll(async () => {
  shop = await ShopStandIns.start();
  shop.reset();
  frontEnd = await RunningFrontEnd.start({ ...shop.env, SESSION_KEY: 'canary session key' });
});
afterAll(async () => {
  await frontEnd.close();
  await shop.close();
});

/** A whole visit, with mistakes and failures in it. */
async function visit(): Promise<string[]> {
  const browser = frontEnd.browser();
  const seen: string[] = [];
  const note = () => seen.push(...[...browser.cookies.values()].map(decodeURIComponent));
  await browser.get('/');
  note();
  await browser.post('/cart', { id: 'holy' });
  await browser.post('/register', CANARY);
  note();
  await browser.get(`/customers/${browser.cookies.get('logged_in')!}`);
  await browser.post('/addresses', ADDRESS);
  await browser.post('/cards', CARD);
  await browser.post('/cards', { ...CARD, expires: 7 });
  await browser.get('/cards');
  await browser.get('/addresses');
  await browser.post('/orders', undefined, { 'idempotency-key': 'k-1' });
  await browser.get('/orders');
  shop.userServer.instead = () => ({ status: 500, body: { error: `no ${CANARY.password}` } });
  await browser.logIn(CANARY.username, CANARY.password);
  await browser.post('/cards', CARD);
  shop.userServer.instead = undefined;
  await browser.logIn(CANARY.username, CANARY.password);
  note();
  await browser.post('/logout');
  return seen;
}

it('no session, password, mail address or card number gets into spans, logs or metrics', async () => {
  const cookies = await visit();
  const spans = frontEnd.spans
    .getFinishedSpans()
    .map(({ name, attributes, events, status }) => ({ name, attributes, events, status }));
  expect(spans.length).toBeGreaterThan(30);
  const metrics = await (await fetch(`${frontEnd.url}/metrics`)).text();
  const visible = [JSON.stringify(spans), ...frontEnd.lines, metrics].join('\n');
  const basic = Buffer.from(`${CANARY.username}:${CANARY.password}`).toString('base64');
  const secrets = [CARD.longNum, CANARY.password, CANARY.email, basic, 'canary session key'];
  expect(cookies).toHaveLength(5);
  for (const secret of [...secrets, ...cookies]) expect(visible).not.toContain(secret);
});
