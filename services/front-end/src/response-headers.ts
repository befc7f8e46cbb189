import type { FastifyInstance, FastifyReply } from 'fastify';

/** Scripts, styles and pictures must come from the shop itself, and no other page may frame it. */
const SECURITY_POLICY = [
  "default-src 'self'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ');

/** Headers of every response, unless its route sets them. Responses of the API are private and must not be cached. */
export function setResponseHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (_request, reply, done) => {
    reply.headers({
      'content-security-policy': SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    done();
  });
}

/** The page files are the same in every shop, so a header tells a page before it draws that this shop has no Observatory. */
export function setPageHeaders(
  reply: FastifyReply,
  { observatory }: { observatory: boolean },
): void {
  if (observatory) return;
  const said = reply.getHeader('server-timing');
  reply.header('server-timing', [said, 'observatory;desc="off"'].filter(Boolean).join(', '));
}
