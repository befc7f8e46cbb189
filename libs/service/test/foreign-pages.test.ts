import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { send, type Shelf, startShelf } from './sock-shelf.ts';

describe('a change that a web page sends', () => {
  let shelf: Shelf;
  beforeAll(async () => {
    shelf = await startShelf({
      definition: { host: '0.0.0.0', allowedHosts: ['Shop.example'] },
    });
  });
  afterAll(() => shelf.service.close());
  const ask = (headers: Record<string, string>, method = 'POST', path = '/socks/any') =>
    send(shelf.service.url, method, path, headers);

  it.each<[string, Record<string, string>]>([
    ['a client that says nothing', { host: 'localhost:8080' }],
    ['a page of the same origin', { 'sec-fetch-site': 'same-origin' }],
    ['the address bar', { 'sec-fetch-site': 'none' }],
    [
      'a page of the same origin, behind a proxy that changes everything',
      { 'sec-fetch-site': 'same-origin', host: 'front-end:80', origin: 'https://socks.example' },
    ],
    ['an old browser', { host: 'localhost:8080', origin: 'http://localhost:8080' }],
    ['an old browser, with TLS', { host: 'socks.example', origin: 'https://socks.example' }],
    ['a port written out', { host: 'socks.example:443', origin: 'https://socks.example' }],
    [
      'an old browser behind a proxy',
      { host: 'front-end', 'x-forwarded-host': 'socks.example', origin: 'https://socks.example' },
    ],
    [
      'an old browser behind two proxies and a port',
      {
        host: 'front-end',
        'x-forwarded-host': 'socks.example, inner',
        'x-forwarded-port': '8443',
        origin: 'https://socks.example:8443',
      },
    ],
    ['an allowed name', { host: 'front-end', origin: 'https://shop.example' }],
    ['IPv6', { host: '[::1]:8080', origin: 'http://[::1]:8080' }],
  ])('is done for %s', async (_who, headers) => {
    expect((await ask(headers)).status).toBe(201);
  });

  it.each<[string, Record<string, string>]>([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    [
      'another port of localhost',
      { 'sec-fetch-site': 'same-site', host: 'localhost:8080', origin: 'http://localhost:8080' },
    ],
    ['a word that is unknown', { 'sec-fetch-site': 'elsewhere' }],
    ['another port, by its origin', { host: 'localhost:8080', origin: 'http://localhost:3000' }],
    ['another host, by its origin', { host: 'localhost', origin: 'http://evil.example' }],
    ['a host that ends the same', { host: 'shop.test', origin: 'http://evil-shop.test' }],
    ['a sandboxed page', { host: 'localhost:8080', origin: 'null' }],
    ['a file', { host: 'localhost:8080', origin: 'file://' }],
    ['no host', { host: '', origin: 'http://evil.example' }],
  ])('is refused with 403 to %s', async (_who, headers) => {
    const { status, body } = await ask(headers);
    expect(status).toBe(403);
    expect(JSON.parse(body)).toMatchObject({
      status: 403,
      detail: "only the shop's own pages may do this; the request is from another",
    });
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('is refused for the method %s', async (method) => {
    expect((await ask({ 'sec-fetch-site': 'cross-site' }, method)).status).toBe(403);
  });

  it.each(['GET', 'HEAD', 'OPTIONS'])('is not what %s sends', async (method) => {
    const { status } = await ask({ 'sec-fetch-site': 'cross-site' }, method, '/socks');
    expect(status).not.toBe(403);
  });

  it('is what a GET sends whose route says so', async () => {
    const path = '/socks/count';
    expect((await ask({}, 'GET', path)).status).toBe(200);
    expect((await ask({ 'sec-fetch-site': 'cross-site' }, 'GET', path)).status).toBe(403);
    expect((await ask({ 'sec-fetch-site': 'cross-site' }, 'HEAD', path)).status).toBe(403);
  });
});
