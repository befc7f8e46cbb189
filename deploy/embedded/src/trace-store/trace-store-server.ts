import {
  answerLikeOthers,
  httpServer,
  listenAddress,
  refuseForeignHosts,
  ShopError,
} from '@sockshop/service';
import fastify, { type FastifyInstance } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readApi } from './read-api.ts';
import { type Home, pages } from './pages.ts';
import { MAX_BODY_BYTES, refusedType, spansApi } from './spans-api.ts';
import { TraceStore, type TraceStoreLimits } from './trace-store.ts';
import { BadRequestError } from './parameters.ts';
import { MalformedError } from './span.ts';

const TEXT = 'text/plain; charset=utf-8';
const LOOPBACK = '127.0.0.1';
const WRONG_TYPE = 'FST_ERR_CTP_INVALID_MEDIA_TYPE';
/** What configurations call a Zipkin, or this server. */
const OWN_NAMES = ['zipkin', 'trace-store'];

export interface TraceStoreOptions extends TraceStoreLimits {
  home?: Home;
  /** The address it listens on. On loopback it serves requests to itself only. Default 127.0.0.1. */
  host?: string;
  /** Host names to serve there besides IP addresses, `localhost` and its own names. */
  allowedHosts?: readonly string[] | undefined;
  /** Longest time for a whole request to arrive, in ms. Default 15 s. */
  requestMs?: number;
}

export interface TraceStoreServer {
  url: string;
  store: TraceStore;
  close: () => Promise<void>;
}

/** Listens like Zipkin. Rejects with `EADDRINUSE` when the port is in use; port 0 means any free one. */
export async function startTraceStore({
  port = 9411,
  host = LOOPBACK,
  ...options
}: TraceStoreOptions & { port?: number } = {}): Promise<TraceStoreServer> {
  const { app, store, close } = createTraceStore({ host, ...options });
  await app.listen({ port, host: await listenAddress(host) });
  const address = app.server.address() as AddressInfo; // it listens on TCP, so it is no path and not null
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`, store, close };
}

/** Returns Zipkin's HTTP API v2 over a store in memory, not yet listening. */
export function createTraceStore({
  home,
  host = LOOPBACK,
  allowedHosts = [],
  requestMs,
  ...limits
}: TraceStoreOptions = {}): {
  app: FastifyInstance;
  store: TraceStore;
  close: () => Promise<void>;
} {
  const store = new TraceStore(limits);
  // Exporters keep their connections open, which must not delay the end.
  const app = fastify({
    forceCloseConnections: true,
    bodyLimit: MAX_BODY_BYTES,
    ...httpServer({
      requestMs,
      refuse: (_status, body) => ({ headers: { 'content-type': TEXT }, body }),
    }),
  });
  app.setErrorHandler<Error & { statusCode?: number; code?: string }>(
    (error, { headers }, reply) => {
      const callers = error instanceof BadRequestError || error instanceof MalformedError;
      const refused = error instanceof ShopError ? error.status : undefined;
      return reply
        .status(callers ? 400 : (refused ?? error.statusCode ?? 500))
        .type(TEXT)
        .send(error.code === WRONG_TYPE ? refusedType(headers['content-type']) : error.message);
    },
  );
  app.setNotFoundHandler((_request, reply) => reply.status(404).type(TEXT).send('404 Not Found'));
  answerLikeOthers(app);
  refuseForeignHosts(app, host, [...OWN_NAMES, ...allowedHosts]);
  app.addHook('onRequest', ({ headers }, _reply, done) => {
    if (isForeign(headers)) done(new ShopError(403, 'Pages of another origin have no access'));
    else done();
  });
  pages(app, home);
  spansApi(app, store);
  readApi(app, store);
  return { app, store, close: () => app.close() };
}

/** Exporters and front-ends send no `Origin`. A web page does, and the store's own pages are of its own origin. */
function isForeign({ origin, host }: IncomingHttpHeaders): boolean {
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
