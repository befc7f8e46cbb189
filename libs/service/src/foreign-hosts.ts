import type { FastifyInstance } from 'fastify';
import { BlockList, isIP } from 'node:net';
import { ShopError } from './problem.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addAddress('::1', 'ipv6');

/**
 * Refuses requests that name a foreign host, if the server listens on loopback. A web page can point its own name to 127.0.0.1 (DNS rebinding), and
 * the browser then lets it read the responses. An IP address cannot be pointed elsewhere, and neither can `localhost`; probes and
 * meshes call a service by its name. A request without a host comes from no browser.
 */
export function refuseForeignHosts(
  fastify: FastifyInstance,
  listensOn: string,
  names: readonly string[],
): void {
  if (!isLoopback(listensOn)) return;
  const known = new Set(names.map((name) => name.toLowerCase()));
  fastify.addHook('onRequest', (request, _reply, done) => {
    // Not `request.hostname`: a page may set `x-forwarded-host`.
    const name = hostName(request.headers.host ?? '');
    // The likeliest first: isIP() tries two large patterns.
    if (known.has(name) || isLocalhost(name) || name === '' || isIP(name) > 0) done();
    else done(new ShopError(403, 'unknown host; to serve it, add its name to ALLOWED_HOSTS'));
  });
}

function isLoopback(host: string): boolean {
  const family = isIP(host);
  return family > 0 ? LOOPBACK.check(host, family === 6 ? 'ipv6' : 'ipv4') : isLocalhost(host);
}

/** Browsers resolve the names below `localhost` to loopback, too. */
function isLocalhost(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost');
}

/** Of `Host`: without the port, the brackets of an IPv6 address and a trailing dot. */
function hostName(host: string): string {
  const [, ipv6] = /^\[([^\]]*)\](?::\d*)?$/.exec(host) ?? [];
  return ipv6 ?? host.replace(/:\d*$/, '').replace(/\.$/, '').toLowerCase();
}
