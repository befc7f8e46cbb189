import fastify, { type FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import { readApi } from './read-api.ts';
import { MAX_BODY_BYTES, spansApi } from './spans-api.ts';
import { TraceStore, type TraceStoreLimits } from './trace-store.ts';
import { BadRequestError } from './parameters.ts';
import { MalformedError } from './span.ts';

const TEXT = 'text/plain; charset=utf-8';

export interface TraceStoreOptions extends TraceStoreLimits {
  /** The target of `/`, such as the page that shows the traces, for the caller's host name. Without it, `/` describes the server in a line. */
  home?: string | ((hostname: string) => string | undefined);
}

export interface TraceStoreServer {
  url: string;
  store: TraceStore;
  close: () => Promise<void>;
}

/** Listens like Zipkin. Rejects with `EADDRINUSE` when the port is in use; port 0 means any free one. */
export async function startTraceStore({
  port = 9411,
  host = '127.0.0.1',
  ...options
}: TraceStoreOptions & { port?: number; host?: string } = {}): Promise<TraceStoreServer> {
  const { app, store, close } = createTraceStore(options);
  await app.listen({ port, host });
  const address = app.server.address() as AddressInfo; // it listens on TCP, so it is no path and not null
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`, store, close };
}

/** Returns Zipkin's HTTP API v2 over a store in memory, not yet listening. */
export function createTraceStore({ home, ...limits }: TraceStoreOptions = {}): {
  app: FastifyInstance;
  store: TraceStore;
  close: () => Promise<void>;
} {
  const store = new TraceStore(limits);
  // Exporters keep their connections open, which must not delay the end.
  const app = fastify({ forceCloseConnections: true, bodyLimit: MAX_BODY_BYTES });
  app.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) => {
    const callers = error instanceof BadRequestError || error instanceof MalformedError;
    return reply
      .status(callers ? 400 : (error.statusCode ?? 500))
      .type(TEXT)
      .send(error.message);
  });
  app.setNotFoundHandler((_request, reply) => reply.status(404).type(TEXT).send('404 Not Found'));
  // Pages of any origin may read, as by default in Zipkin: the shop's own pages have another origin.
  app.addHook('onRequest', async (request, reply) => {
    if (request.headers.origin) reply.header('access-control-allow-origin', '*');
  });
  app.get('/', ({ hostname }, reply) => {
    const url = typeof home === 'function' ? home(hostname) : home;
    return url
      ? reply.redirect(url, 302)
      : reply.type(TEXT).send("Traces of the sock shop, by Zipkin's API: /api/v2/traces\n");
  });
  spansApi(app, store);
  readApi(app, store);
  return { app, store, close: () => app.close() };
}
