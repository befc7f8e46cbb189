import type { FastifyReply, FastifyRequest } from 'fastify';
import { overTls } from './session.ts';

/** Scripts, styles and pictures must come from the shop itself, and no other page may frame it. */
const SECURITY_POLICY = [
  "default-src 'self'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
};
/** A browser that came by TLS once comes by TLS only, for a year. */
const TLS_HEADERS = { ...HEADERS, 'strict-transport-security': 'max-age=31536000' };

/** Headers of every response, unless its route sets them. Responses of the API are private and must not be cached. */
export function responseHeaders(request?: FastifyRequest): Readonly<Record<string, string>> {
  return request !== undefined && overTls(request) ? TLS_HEADERS : HEADERS;
}

/** The page files are the same in every shop, so a header tells a page before it draws that this shop has no Observatory, but perhaps a Zipkin. */
export function setPageHeaders(
  reply: FastifyReply,
  {
    observatory,
    tracesPublicUrl: zipkin,
  }: { observatory: boolean; tracesPublicUrl: string | undefined },
): void {
  if (observatory) return;
  const said = [reply.getHeader('server-timing'), 'observatory;desc="off"'];
  if (zipkin !== undefined) said.push(`zipkin;desc="${zipkin}"`);
  reply.header('server-timing', said.filter(Boolean).join(', '));
}
