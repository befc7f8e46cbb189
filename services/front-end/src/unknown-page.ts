import type { FastifyInstance } from 'fastify';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setPageHeaders } from './response-headers.ts';
import type { FrontEndConfig } from './config.ts';

/** A browser gets 404 for an unknown path together with the storefront, which shows that. Programs get problem details. */
export function showUnknownPages(fastify: FastifyInstance, config: FrontEndConfig): void {
  fastify.addHook('onSend', async (request, reply, payload) => {
    const missing = request.is404 && request.method === 'GET' && reply.statusCode === 404;
    if (!missing || !request.headers.accept?.includes('text/html')) return payload;
    const page = await readFile(join(config.staticDir, 'index.html')).catch(() => undefined);
    if (page === undefined) return payload; // no storefront was built
    reply.header('content-type', 'text/html; charset=utf-8');
    setPageHeaders(reply, config);
    return page;
  });
}
