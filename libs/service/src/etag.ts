import type { FastifyReply } from 'fastify';
import { createHash } from 'node:crypto';

/** A response as bytes, with the validator of exactly these bytes. */
export interface Representation {
  readonly body: Buffer;
  readonly etag: string;
}

/** Makes the strong validator of `body`: other bytes have another one. */
export function representationOf(body: Buffer): Representation {
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 27);
  return { body, etag: `"${hash}"` };
}

/** Whether the caller already has a representation with this validator (RFC 9110, 13.1.2: weak comparison). */
export function hasCurrent(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch === etag || ifNoneMatch === '*') return true; // as browsers send it
  const strong = etag.replace(/^W\//, '');
  return ifNoneMatch.split(',').some((each) => each.trim().replace(/^W\//, '') === strong);
}

/** Answers with the representation and the headers that describe it, or 304 to a caller that has it. The route sets `cache-control`. */
export function sendRepresentation(
  reply: FastifyReply,
  { body, etag }: Representation,
  headers: Readonly<Record<string, string>>,
): void {
  reply.header('etag', etag);
  if (hasCurrent(reply.request.headers['if-none-match'], etag)) void reply.code(304).send();
  else void reply.headers(headers).send(body);
}
