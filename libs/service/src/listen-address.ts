import { createServer } from 'node:net';

export { plainAddress } from '@sockshop/tracing';

/** Every address of the machine, of IPv6 and of IPv4. */
export const EVERY_ADDRESS = '::';

/** Where to listen for `host`: where the machine has no IPv6, every IPv4 address instead of `::`. */
export async function listenAddress(host: string, available = hasIpv6): Promise<string> {
  return host === EVERY_ADDRESS && !(await available()) ? '0.0.0.0' : host;
}

/** The host of a URL that reaches a server on this machine which listens on `host`. */
export function reachableHost(host: string): string {
  if (host === EVERY_ADDRESS || host === '0.0.0.0') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

/** Tries it: a kernel without IPv6 has no such sockets, and one that disabled it no such addresses. */
function hasIpv6(): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen({ port: 0, host: EVERY_ADDRESS }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
