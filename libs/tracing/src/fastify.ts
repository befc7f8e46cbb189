import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServerResponse } from 'node:http';
import { laterParent } from './later-parent.ts';
import { plainAddress } from './plain-address.ts';
import {
  enterContext,
  type KnownRoute,
  type RequestEnds,
  type RunningRequest,
  schemeOf,
  type ServerOptions,
  ServerRequests,
} from './server-requests.ts';
import type { Tracing } from './tracing.ts';

export type { CallerTrust } from './caller-trust.ts';
export type { AbortMeaning } from './request-end.ts';
export type { EndedRequest } from './server-requests.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `false`: the requests of the route make no spans. */
    traced?: boolean;
  }
}

/** What a Fastify server may say about its spans. */
export interface FastifyTracingOptions extends ServerOptions {
  /** Prefixes of paths that are not traced unless a route answers them: files and unknown paths. */
  readonly untracedBelow?: readonly string[];
  /** Sends the span of each response to browsers, whose own spans of a page load join it. */
  readonly serverTiming?: boolean;
  /** Whether the route shows a page. With `serverTiming`, a browser's request for it gets its span's parent from the browser's own spans. */
  readonly isPage?: (request: FastifyRequest) => boolean;
}

/** Whether to trace a path that no route answers. */
export function isPathTraced(
  path: string,
  { untracedBelow = [] }: Pick<FastifyTracingOptions, 'untracedBelow'> = {},
): boolean {
  return !untracedBelow.some((prefix) => path.startsWith(prefix));
}

interface Route {
  readonly known: KnownRoute | undefined;
  readonly traced: boolean;
}

/**
 * SERVER spans of a Fastify server. Each response names its trace in `x-trace-id`.
 *
 * ```ts
 * const requests = new FastifyRequests(tracing, { ended: ({ seconds, route, status }) => … });
 * requests.trace(fastify);
 * ```
 */
export class FastifyRequests {
  private readonly requests: ServerRequests;
  private readonly running = new WeakMap<FastifyRequest, RunningRequest>();
  /** By the configuration of Fastify's route, of which there is one for each. */
  private readonly routes = new WeakMap<object, Route>();
  /** The last `Host` header, and what Fastify reads from it: nearly all requests of a caller have the same. */
  private server = { header: '', hostname: '', port: undefined as number | null | undefined };

  constructor(
    private readonly tracing: Tracing,
    private readonly options: FastifyTracingOptions = {},
  ) {
    this.requests = new ServerRequests(tracing, options);
  }

  /** Adds the hooks. They must come first: what comes before them is in no span. */
  trace(fastify: FastifyInstance): void {
    const { running } = this;
    fastify.addHook('onRoute', (route) => {
      if (!isPathTraced(route.url, this.options)) route.config = { ...route.config, traced: false };
    });
    fastify.addHook('onRequest', (request, reply, done) => {
      enterContext(this.begin(request, reply).context, done);
    });
    // Again after the body was read: the events of the body run in the async context of the socket.
    fastify.addHook('preValidation', (request, _reply, done) => {
      const entered = running.get(request)?.context;
      if (entered === undefined) done();
      else enterContext(entered, done);
    });
  }

  /** For Fastify's `frameworkErrors`: a request that its router rejects before any hook runs, such as one with a malformed URL. */
  unrouted(request: FastifyRequest, reply: FastifyReply, respond: () => void): void {
    enterContext(this.begin(request, reply).context, respond);
  }

  /** For Fastify's `clientErrorHandler`, which writes its `status` to the socket: the request that `response` belongs to ends with it. */
  refused(response: ServerResponse, status: number): void {
    this.requests.refused(response, status);
  }

  /** To be called before the server closes connections whose requests are not answered: they end as `shutdown`. */
  shutdown(): void {
    this.requests.shutdown();
  }

  /** Resolves when no request is open. To be awaited after the server has closed and before the last spans are sent. */
  drained(): Promise<void> {
    return this.requests.drained();
  }

  private begin(request: FastifyRequest, reply: FastifyReply): RunningRequest {
    const { config, url } = request.routeOptions;
    const { known, traced } =
      url === undefined ? this.unknown(request.url) : this.routeOf(config, request.method, url);
    const running = this.requests.begin(request.raw, reply.raw, known, this.endsOf(request), {
      traced,
      isPage: this.isPageLoad(request),
    });
    this.running.set(request, running);
    this.answerIds(reply, running);
    return running;
  }

  private routeOf(config: { traced?: boolean }, method: string, url: string): Route {
    let route = this.routes.get(config);
    if (route === undefined) {
      const template = url.replace(/:(\w+)/g, '{$1}');
      const attributes = this.requests.attributesOf(method, template);
      route = { known: { template, attributes }, traced: config.traced !== false };
      this.routes.set(config, route);
    }
    return route;
  }

  private unknown(url: string): Route {
    const [path = ''] = url.split('?', 1);
    return { known: undefined, traced: isPathTraced(path, this.options) };
  }

  /** Who calls whom. Fastify asks its list of trusted proxies for each of these facts: not for a request that no proxy passed on. */
  private endsOf(request: FastifyRequest): RequestEnds {
    const forwarded = isForwarded(request);
    const header = request.headers.host ?? '';
    const known = !forwarded && header === this.server.header;
    const server = known ? this.server : { header, hostname: request.hostname, port: request.port };
    if (!forwarded) this.server = server;
    // Undefined where the caller reset the connection before the request was read.
    const { remoteAddress } = request.socket;
    return {
      scheme: forwarded ? forwardedScheme(request) : schemeOf(request.raw),
      serverAddress: server.hostname,
      serverPort: server.port,
      clientAddress: remoteAddress && plainAddress(forwarded ? request.ip : remoteAddress),
    };
  }

  private isPageLoad(request: FastifyRequest): boolean {
    const { serverTiming = false, isPage } = this.options;
    return serverTiming && isNavigation(request) && isPage?.(request) === true;
  }

  /** Only of a trace that can be found. */
  private answerIds(reply: FastifyReply, { context, span }: RunningRequest): void {
    if (span === undefined || !this.tracing.shows(span)) return;
    const { traceId, spanId } = span.spanContext();
    void reply.header('x-trace-id', traceId);
    if (!this.options.serverTiming) return;
    const own = `traceparent;desc="00-${traceId}-${spanId}-01"`;
    const later = laterParent(context);
    // It has no effect on a span that has a parent, or is not ours.
    const { parentSpanContext } = span as Partial<ReadableSpan>;
    const handedOut = later !== undefined && parentSpanContext?.spanId === later;
    void reply.header('server-timing', handedOut ? `${own}, document-fetch;desc="${later}"` : own);
  }
}

/** Whether a browser loads a page with the request. It says so itself; over plain HTTP from another machine by the older header only. */
function isNavigation({ headers }: FastifyRequest): boolean {
  const mode = headers['sec-fetch-mode'];
  if (headers['sec-purpose'] !== undefined) return false; // it may never be shown
  return mode === undefined ? headers['upgrade-insecure-requests'] === '1' : mode === 'navigate';
}

/** Whether a proxy may have passed the request on. */
function isForwarded({ headers }: FastifyRequest): boolean {
  return (
    headers['x-forwarded-for'] !== undefined ||
    headers['x-forwarded-host'] !== undefined ||
    headers['x-forwarded-proto'] !== undefined
  );
}

/** One of two values: `X-Forwarded-Proto` may be any text, and each value of a label is a series of its own. */
function forwardedScheme({ protocol }: FastifyRequest): 'http' | 'https' {
  return protocol.toLowerCase() === 'https' ? 'https' : 'http';
}
