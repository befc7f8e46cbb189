import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { send, type Shelf, startShelf } from './sock-shelf.ts';

describe('a service that listens on loopback', () => {
  let shelf: Shelf;
  beforeAll(async () => {
    shelf = await startShelf({ definition: { allowedHosts: ['Shop.example'] } });
  });
  afterAll(() => shelf.service.close());
  const ask = (host: string, path = '/socks', more = {}) =>
    send(shelf.service.url, 'GET', path, { host, ...more });

  it.each([
    ['an IPv4 address', '127.0.0.1:8080'],
    ['the address of another machine', '10.1.2.3'],
    ['an IPv6 address', '[::1]:8080'],
    ['localhost', 'localhost'],
    ['localhost in capitals', 'LOCALHOST:80'],
    ['a name below localhost', 'shop.localhost:8080'],
    ['a name with the dot of the root', 'localhost.:80'],
    ['its own name', 'shelf'],
    ['an allowed name', 'shop.example:8080'],
    ['no host', ''],
  ])('serves %s', async (_what, host) => {
    expect((await ask(host)).status).toBe(200);
  });

  it.each([
    'evil.example',
    'evil.example:8080',
    'localhost.evil.example',
    'evillocalhost',
    'shelf.evil.example',
    '127.0.0.1.evil.example',
    '[evil.example]',
    'evil.example:80:80',
  ])('answers 403 to %s on every path', async (host) => {
    for (const path of ['/socks', '/health', '/metrics', '/nosuch']) {
      const { status, body } = await ask(host, path, { 'x-forwarded-host': 'localhost' });
      expect([path, status]).toEqual([path, 403]);
      expect(JSON.parse(body)).toMatchObject({
        detail: 'unknown host; to serve it, add its name to ALLOWED_HOSTS',
      });
    }
  });
});

describe('a service that listens on all addresses', () => {
  it('serves any host', async () => {
    const shelf = await startShelf({ definition: { host: '0.0.0.0' } });
    const headers = { host: 'shop.example' };
    expect((await send(shelf.service.url, 'GET', '/socks', headers)).status).toBe(200);
    await shelf.service.close();
  });
});
