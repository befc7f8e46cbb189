import { describe, expect, it } from '@jest/globals';
import { ended } from '@sockshop/testing';
import { listenAddress, plainAddress, reachableHost } from '../src/listen-address.ts';
import { startShelf } from './sock-shelf.ts';

describe('where a service listens', () => {
  it('is every IPv4 address instead of `::` on a machine without IPv6, and as configured otherwise', async () => {
    const without = () => Promise.resolve(false);
    const withIpv6 = () => Promise.resolve(true);
    expect(await listenAddress('::', without)).toBe('0.0.0.0');
    expect(await listenAddress('::', withIpv6)).toBe('::');
    for (const host of ['0.0.0.0', '127.0.0.1', '::1', 'localhost']) {
      expect(await listenAddress(host, without)).toBe(host);
    }
  });

  it('serves IPv4 and, where the machine has it, IPv6 with `::`', async () => {
    const shelf = await startShelf({ definition: { host: '::' } });
    const { port, url } = shelf.service;
    expect(url).toBe(`http://127.0.0.1:${port}`);
    const hosts = (await listenAddress('::')) === '::' ? ['127.0.0.1', '[::1]'] : ['127.0.0.1'];
    for (const host of hosts) {
      expect((await fetch(`http://${host}:${port}/socks`)).status).toBe(200);
    }
    const clients = await ended(shelf.spans, hosts.length);
    expect(clients.map(({ attributes }) => attributes['client.address'])).toEqual(
      hosts.map((host) => host.replace(/[[\]]/g, '')),
    );
    await shelf.service.close();
  });
});

it.each([
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:127.0.0.1', '127.0.0.1'],
  ['192.0.2.1', '192.0.2.1'],
  ['::1', '::1'],
  ['::ffff:c000:201', '::ffff:c000:201'],
])('the address %s of a caller is %s', (address, plain) => {
  expect(plainAddress(address)).toBe(plain);
});

it.each([
  ['::', '127.0.0.1'],
  ['0.0.0.0', '127.0.0.1'],
  ['::1', '[::1]'],
  ['fe80::1', '[fe80::1]'],
  ['localhost', 'localhost'],
])('a server that listens on %s is reached at %s', (host, reachable) => {
  expect(reachableHost(host)).toBe(reachable);
});
