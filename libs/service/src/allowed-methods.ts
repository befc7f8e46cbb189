import type { FastifyInstance } from 'fastify';

/** The methods of each path, so that a wrong method gets 405 with `allow`, not 404. */
export class AllowedMethods {
  private readonly routes: { pattern: RegExp; methods: string[] }[] = [];

  /** Call before the routes are registered. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ method, url }) => {
      if (url === '*' || url === '/*') return; // a catch-all is no path of its own
      const source = url
        .split(/(:\w+|\*)/)
        .map((part) => (part === '*' ? '.*' : part.startsWith(':') ? '[^/]+' : RegExp.escape(part)))
        .join('');
      this.routes.push({ pattern: new RegExp(`^${source}/?$`), methods: [method].flat() });
    });
  }

  /** The methods of the path of `url`, each once; empty for an unknown path. */
  of(url: string): string[] {
    const path = url.split('?', 1)[0] ?? url;
    const methods = this.routes
      .filter(({ pattern }) => pattern.test(path))
      .flatMap((r) => r.methods);
    return [...new Set(methods)].sort();
  }
}
