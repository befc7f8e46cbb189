import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import { ShopError } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether a GET of the route changes something, as some of the original's do; see `Operation`. Default false. */
    changesState?: boolean;
    /** Origins whose pages may send requests to the route all the same. */
    foreignOrigins?: readonly string[];
  }
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses changes that a web page of another origin sends: the browser adds the shopper's cookies, and another port of `localhost` is the
 * same site to it. Browsers say where a request comes from; a client that says nothing is no browser. `names` are further names of this
 * server, for proxies that tell neither the browser's `Host` nor `X-Forwarded-Host`.
 */
export function refuseForeignPages(fastify: FastifyInstance, names: readonly string[]): void {
  const known = new Set(names.map((name) => name.toLowerCase()));
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (changesState(request) && isForeign(request.headers, known) && !isAdmitted(request)) {
      done(
        new ShopError(403, "only the shop's own pages may do this; the request is from another"),
      );
    } else done();
  });
}

/** Lets pages of these origins send what changes something to the route `url`. Call before it is registered. */
export function admitForeignPages(
  fastify: FastifyInstance,
  url: string,
  foreignOrigins: readonly string[],
): void {
  fastify.addHook('onRoute', (route) => {
    if (route.url === url) route.config = { ...route.config, foreignOrigins };
  });
}

function changesState({ method, routeOptions }: FastifyRequest): boolean {
  return !SAFE.has(method) || routeOptions.config.changesState === true;
}

function isAdmitted({ headers, routeOptions }: FastifyRequest): boolean {
  return routeOptions.config.foreignOrigins?.includes(headers.origin ?? '') === true;
}

function isForeign(headers: IncomingHttpHeaders, known: ReadonlySet<string>): boolean {
  const site = headers['sec-fetch-site'];
  // The browser compares the addresses that it knows itself, so no proxy changes this.
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  // Older browsers, and pages without TLS on other hosts than localhost.
  if (headers.origin === undefined) return false;
  if (!URL.canParse(headers.origin)) return true; // "null": a sandboxed page or a file
  const origin = new URL(headers.origin);
  return !known.has(origin.hostname) && !ownHosts(headers, origin.protocol).includes(origin.host);
}

/** A page of another origin cannot send `X-Forwarded-…` without asking first, and nothing here answers such a question. */
function ownHosts(headers: IncomingHttpHeaders, scheme: string): string[] {
  const forwarded = parts(headers['x-forwarded-host']);
  const ports = parts(headers['x-forwarded-port']);
  const withPorts = forwarded.flatMap((host) => ports.map((port) => `${host}:${port}`));
  return [headers.host ?? '', ...forwarded, ...withPorts].flatMap((host) => {
    const url = `${scheme}//${host}`;
    return URL.canParse(url) ? [new URL(url).host] : []; // without the scheme's own port
  });
}

function parts(header: string | string[] | undefined): string[] {
  return String(header ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
