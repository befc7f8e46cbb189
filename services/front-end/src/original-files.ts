import type { FastifyInstance } from 'fastify';
import type { StorefrontFiles } from './storefront-files.ts';

/** Files of the original's pages that recorded scripts ask for with each page. Ours are small, and no page of ours needs them. */
export const ORIGINAL_FILES = [
  '/topbar.html',
  '/navbar.html',
  '/footer.html',
  '/favicon.ico',
  '/css/style.blue.css',
  '/img/logo.png',
] as const;

export function serveOriginalFiles(fastify: FastifyInstance, files: StorefrontFiles): void {
  for (const path of ORIGINAL_FILES) {
    fastify.get(path, (_request, reply) => {
      reply.header('cache-control', 'public, max-age=3600'); // an hour: their names stay when they change
      files.send(reply, path.slice(1));
    });
  }
}
