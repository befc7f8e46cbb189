import { describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { frontEndSuite, problem, refused } from './running-front-end.ts';

const WORDS = "only the shop's own pages may do this; the request is from another";
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

describe('a page of another origin', () => {
  const { shop, frontEnd } = frontEndSuite();

  it('changes nothing by any route, and logs no one in', async () => {
    const browser = await frontEnd.loggedIn();
    const servers = [shop.userServer, shop.cartsServer, shop.ordersServer];
    for (const server of servers) server.received = [];
    const all = [...frontEnd.routes].map((route) => route.split(' ') as [string, string]);
    const changing = all.filter(([method]) => !SAFE.has(method));
    expect(changing.length).toBeGreaterThan(12);
    for (const [method, path] of [...changing, ['GET', '/login'] as const]) {
      for (const from of [
        { 'sec-fetch-site': 'same-site' }, // another port of localhost
        { 'sec-fetch-site': 'cross-site' },
        { origin: 'http://127.0.0.1:1' },
        { origin: 'null' },
      ]) {
        const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const headers = { cookie, ...from } as Record<string, string>;
        const url = frontEnd.url + path.replaceAll('{}', 'holy');
        const response = await frontEnd.documented.fetch(url, { method, headers });
        expect([method, path, await problem(response)]).toEqual([
          method,
          path,
          refused(403, WORDS),
        ]);
        expect(response.headers.getSetCookie()).toEqual([]);
      }
    }
    expect(servers.flatMap(({ received }) => received)).toEqual([]);
    expect((await browser.get('/orders')).status).toBe(201); // still logged in
  });

  it("the shop's own pages, and clients that say nothing of it, are served", async () => {
    const browser = frontEnd.browser();
    const own: Record<string, string>[] = [
      {},
      { 'sec-fetch-site': 'same-origin', origin: frontEnd.url },
      { 'sec-fetch-site': 'none' },
      { origin: frontEnd.url },
    ];
    for (const headers of own) {
      expect((await browser.post('/cart', { id: 'holy' }, headers)).status).toBe(201);
      expect((await browser.post('/logout', undefined, headers)).status).toBe(204);
      const login = { authorization: `Basic ${btoa('ada:secret')}`, ...headers };
      expect((await browser.get('/login', login)).status).toBe(200);
    }
  });

  it('what is no HTTP request gets the headers of every response', async () => {
    const { hostname, port } = new URL(frontEnd.url);
    const socket = connect(Number(port), hostname);
    socket.end('GET / HTTP/1.1\r\nhost: a\r\nx: ' + 'x'.repeat(20_000) + '\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    for (const name of [
      'content-security-policy',
      'x-content-type-options',
      'x-frame-options',
      'referrer-policy',
    ]) {
      expect(answer).toMatch(new RegExp(`^${name}: \\S`, 'm'));
    }
  });
});
