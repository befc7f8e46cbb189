import type { FastifyInstance, FastifyReply } from 'fastify';

/** Scripts, styles and pictures come from the shop itself and nowhere else; nobody frames it. */
const SECURITY_POLICY = [
  "default-src 'self'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ');

/** What every answer carries, unless its route says otherwise: answers of the API are the caller's own and are not kept. */
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

/** Pages are the same files in every shop. That there is no Observatory to lead to they read here, before they draw anything. */
export function setPageHeaders(
  reply: FastifyReply,
  { observatory }: { observatory: boolean },
): void {
  if (observatory) return;
  const said = reply.getHeader('server-timing');
  reply.header('server-timing', [said, 'observatory;desc="off"'].filter(Boolean).join(', '));
}
