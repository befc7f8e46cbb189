import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const TEXT = 'text/plain; charset=utf-8';

/** The page that shows the traces, for the caller's host name. Without it, a line describes the server. */
export type Home = string | ((hostname: string) => string | undefined);

/** What Zipkin's own pages ask for first. */
const CONFIG = {
  environment: '',
  queryLimit: 10,
  defaultLookback: 900_000,
  searchEnabled: true,
  logsUrl: null,
  supportUrl: null,
  archivePostUrl: null,
  archiveUrl: null,
  dependency: { enabled: true, lowErrorRate: 0.5, highErrorRate: 0.75 },
};

/** The addresses of Zipkin's pages lead to the home page: a link to a trace shows this trace. */
export function pages(app: FastifyInstance, home: Home | undefined): void {
  const show = ({ hostname }: FastifyRequest, reply: FastifyReply, traceId?: string) => {
    const url = typeof home === 'function' ? home(hostname) : home;
    if (!url) {
      const line = "Traces of the sock shop, by Zipkin's API: /api/v2/traces\n";
      return reply.type(TEXT).send(line);
    }
    const page = new URL(url);
    if (traceId !== undefined) page.searchParams.set('trace', traceId);
    return reply.redirect(page.href, 302);
  };
  for (const path of ['/', '/zipkin', '/zipkin/']) {
    app.get(path, (request, reply) => show(request, reply));
  }
  app.get<{ Params: { traceId: string } }>('/zipkin/traces/:traceId', (request, reply) =>
    show(request, reply, request.params.traceId),
  );
  app.get('/zipkin/config.json', () => CONFIG);
}
