import { ShopError } from '@sockshop/service';
import type { FastifyInstance } from 'fastify';

/**
 * The original's rule: a URL, query included, that ends in a slash is redirected to the same without it. A location that
 * starts with `//` or `\` is refused, since a browser would take it for another host.
 */
export function redirectTrailingSlashes(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const { url } = request;
    if (url.length <= 1 || !url.endsWith('/')) {
      done();
      return;
    }
    const target = url.slice(0, -1);
    if (/\/\/|\\/.test(target)) done(new ShopError(400, 'invalid URL to redirect to'));
    else void reply.redirect(target, 301);
  });
}
