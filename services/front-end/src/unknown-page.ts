import type { FastifyInstance } from 'fastify';
import { setPageHeaders } from './response-headers.ts';
import type { FrontEndConfig } from './config.ts';
import type { StorefrontFiles } from './storefront-files.ts';

/** A browser gets 404 for an unknown path together with the storefront, which shows that. Programs get problem details. */
export function showUnknownPages(
  fastify: FastifyInstance,
  config: FrontEndConfig,
  files: StorefrontFiles,
): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    const missing = request.is404 && request.method === 'GET' && reply.statusCode === 404;
    const wanted = missing && request.headers.accept?.includes('text/html');
    const page = wanted ? files.find('index.html')?.plain.body : undefined;
    if (page === undefined) {
      done(null, payload); // not for a browser, or no storefront was built
      return;
    }
    reply.header('content-type', 'text/html; charset=utf-8');
    setPageHeaders(reply, config);
    done(null, page);
  });
}
