import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { plainAddress } from './plain-address.ts';
import { enterContext, schemeOf, type ServerOptions, ServerRequests } from './server-requests.ts';
import type { Tracing } from './tracing.ts';

export type { AbortMeaning } from './request-end.ts';
export type { EndedRequest } from './server-requests.ts';

/** What a server of `node:http` may say about its spans. */
export interface NodeTracingOptions extends ServerOptions {
  /** The template of the route that handles the request, `/socks/{id}`; undefined for an unknown path. Default: none is known. */
  readonly route?: (request: IncomingMessage) => string | undefined;
  /** Whether the request makes a span. Default: all do. */
  readonly traced?: (request: IncomingMessage) => boolean;
}

/**
 * SERVER spans of a server of `node:http`.
 *
 * ```ts
 * const requests = new NodeRequests(tracing, { route: ({ url }) => … });
 * createServer(requests.trace((request, response) => { … })).listen(8080);
 * ```
 */
export class NodeRequests {
  private readonly requests: ServerRequests;

  constructor(
    tracing: Tracing,
    private readonly options: NodeTracingOptions = {},
  ) {
    this.requests = new ServerRequests(tracing, options);
  }

  /** `handle`, in the context of a span of its own for each request. */
  trace(handle: RequestListener): RequestListener {
    const { route, traced } = this.options;
    return (request, response) => {
      const template = route?.(request);
      const attributes =
        template === undefined
          ? undefined
          : this.requests.attributesOf(request.method ?? 'GET', template);
      const running = this.requests.begin(
        request,
        response,
        template === undefined ? undefined : { template, attributes },
        endsOf(request),
        { traced: traced?.(request) ?? true },
      );
      enterContext(running.context, () => {
        handle(request, response);
      });
    };
  }

  /** For a `clientError` handler, which writes its `status` to the socket: the request that `response` belongs to ends with it. */
  refused(response: ServerResponse, status: number): void {
    this.requests.refused(response, status);
  }

  /** To be called before `closeAllConnections()`: requests that are not answered end as `shutdown`. */
  shutdown(): void {
    this.requests.shutdown();
  }

  /** Resolves when no request is open. To be awaited after the server has closed and before the last spans are sent. */
  drained(): Promise<void> {
    return this.requests.drained();
  }
}

/** What the socket and the `Host` header say; what a proxy says is not believed. */
function endsOf(request: IncomingMessage) {
  const { host = '' } = request.headers;
  const [, name = host, port] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
  return {
    scheme: schemeOf(request),
    serverAddress: name,
    serverPort: port === undefined ? undefined : Number(port),
    clientAddress: plainAddress(request.socket.remoteAddress ?? ''),
  };
}
