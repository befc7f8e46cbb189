import {
  type Attributes,
  type Context,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_CODE_FUNCTION_NAME,
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_PATH,
  ATTR_URL_QUERY,
  ATTR_URL_SCHEME,
  ATTR_USER_AGENT_ORIGINAL,
} from '@opentelemetry/semantic-conventions';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { context } from './context.ts';
import { believed, callerLinks, type CallerTrust } from './caller-trust.ts';
import { withLaterParent } from './later-parent.ts';
import { patienceMs } from './patience.ts';
import { type AbortMeaning, requestEnd } from './request-end.ts';
import {
  MVC_CONTROLLER_CLASS,
  MVC_CONTROLLER_METHOD,
  USER_AGENT_SYNTHETIC_TYPE,
} from './semconv.ts';
import { syntheticType } from './synthetic.ts';
import type { Tracing } from './tracing.ts';

/** A request that is over. Its figures are those of its span, so metrics made of them agree with the spans. */
export interface EndedRequest {
  /** `_OTHER` for a verb that HTTP does not know. */
  readonly method: string;
  /** Template, `/carts/{id}`; undefined if no route matched. */
  readonly route: string | undefined;
  /** What was sent; without a response what a proxy would have logged: 499, 504 or 503. */
  readonly status: number;
  readonly scheme: 'http' | 'https';
  /** Few values: a status from 500 on, `cancelled`, `timeout` or `shutdown`. `cancelled` is not a failure. */
  readonly errorType: string | undefined;
  readonly seconds: number;
  /** Undefined for a request that is not traced. */
  readonly span: Span | undefined;
  /** The context in which the request was handled. */
  readonly context: Context;
}

export interface ServerOptions {
  /** Called once for every request, traced or not, also when it got no response. */
  readonly ended?: (request: EndedRequest) => void;
  /** Default `cancelled`, which suits an edge. A service that only other services call takes `timeout`. */
  readonly abortMeans?: AbortMeaning;
  /** Class and method that handle the requests of a route, `CartsController.getCart`; `template` is `/carts/{id}`. Default: not known. */
  readonly handler?: (method: string, template: string) => string | undefined;
  /** What is believed of the callers' trace context. Default: everything, which suits a service behind an edge. */
  readonly trust?: CallerTrust | undefined;
}

/** How a request is traced. */
export interface RequestTracing {
  readonly traced: boolean;
  /** It is a browser's for a page: the browser records it later, as the parent of its SERVER span. */
  readonly isPage?: boolean;
}

/** Where a request came in and from whom. */
export interface RequestEnds {
  readonly scheme: 'http' | 'https';
  readonly serverAddress: string;
  readonly serverPort: number | null | undefined;
  readonly clientAddress: string | undefined;
}

/** What is known of a route before a request comes. */
export interface KnownRoute {
  readonly template: string;
  /** Attributes of each of its spans. */
  readonly attributes?: Attributes | undefined;
}

export interface RunningRequest {
  readonly context: Context;
  /** Undefined for a request that is not traced. */
  readonly span: Span | undefined;
}

const METHODS = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
]);

/**
 * SERVER spans of one HTTP server, for whatever framework: it begins them, and ends them when the connection has the whole response or is
 * closed. The hooks of `@sockshop/tracing/fastify` and `/node-http` are made of it.
 */
export class ServerRequests {
  /** Responses that the server wrote to the socket itself, as to a request that is not HTTP. */
  private readonly refusals = new WeakMap<ServerResponse, number>();
  private closing = false;
  private open = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly tracing: Tracing,
    private readonly options: ServerOptions = {},
  ) {}

  /** Starts the span of a request, unless it is not `traced`, and ends it with the response. */
  begin(
    request: IncomingMessage,
    response: ServerResponse,
    route: KnownRoute | undefined,
    ends: RequestEnds,
    { traced, isPage = false }: RequestTracing,
  ): RunningRequest {
    const began = performance.now();
    const { trust } = this.options;
    const received = this.tracing.extract(request.headers);
    const extracted = trust ? believed(received, trust) : received;
    const verb = request.method ?? 'GET';
    const method = METHODS.has(verb) ? verb : 'HTTP';
    let span: Span | undefined;
    let entered: Context;
    if (traced) {
      const from = isPage ? withLaterParent(extracted) : extracted;
      span = this.start(from, method, request, route, ends);
      entered = trace.setSpan(from, span);
    } else entered = suppressTracing(extracted);
    this.open += 1;
    // First of all: an agent's own listener ends the span that it shares with us.
    response.prependListener('close', () => {
      const elapsedMs = performance.now() - began;
      this.finish({ context: entered, span }, request, response, route, ends.scheme, elapsedMs);
      this.open -= 1;
      if (this.open === 0) for (const end of this.waiting.splice(0)) end();
    });
    return { context: entered, span };
  }

  /** The attributes of every span of a route. */
  attributesOf(method: string, template: string): Attributes | undefined {
    const name = this.options.handler?.(method, template);
    if (name === undefined) return undefined;
    const attributes = { [ATTR_CODE_FUNCTION_NAME]: name };
    if (!this.tracing.mvcTags) return attributes;
    const [, owner = '', own = name] = /^(?:(.*)\.)?([^.]+)$/.exec(name) ?? [];
    return { ...attributes, [MVC_CONTROLLER_CLASS]: owner, [MVC_CONTROLLER_METHOD]: own };
  }

  /** The server wrote `status` to the socket below the response: no one else knows it. */
  refused(response: ServerResponse, status: number): void {
    this.refusals.set(response, status);
  }

  /** From now on connections are closed by this server, not by callers. For a shutdown that waits no longer. */
  shutdown(): void {
    this.closing = true;
  }

  /** Resolves when no request is open: a server can be closed some moments before its last requests have ended. */
  drained(): Promise<void> {
    if (this.open === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.waiting.push(resolve);
    });
  }

  /** The one place where a SERVER span begins. */
  private start(
    extracted: Context,
    method: string,
    request: IncomingMessage,
    route: KnownRoute | undefined,
    ends: RequestEnds,
  ): Span {
    const url = request.url ?? '/';
    const mark = url.indexOf('?');
    const attributes: Attributes = {
      [ATTR_HTTP_REQUEST_METHOD]: method === 'HTTP' ? '_OTHER' : method,
      [ATTR_URL_PATH]: mark === -1 ? url : url.slice(0, mark),
      [ATTR_NETWORK_PROTOCOL_VERSION]: request.httpVersion,
      [ATTR_URL_SCHEME]: ends.scheme,
      [ATTR_SERVER_ADDRESS]: ends.serverAddress,
    };
    if (ends.clientAddress) attributes[ATTR_CLIENT_ADDRESS] = ends.clientAddress;
    if (ends.serverPort) attributes[ATTR_SERVER_PORT] = ends.serverPort;
    if (route !== undefined) attributes[ATTR_HTTP_ROUTE] = route.template;
    const userAgent = request.headers['user-agent'];
    if (userAgent !== undefined) attributes[ATTR_USER_AGENT_ORIGINAL] = userAgent;
    const synthetic = syntheticType(userAgent, extracted);
    if (synthetic !== undefined) attributes[USER_AGENT_SYNTHETIC_TYPE] = synthetic;
    if (mark !== -1 && mark < url.length - 1) attributes[ATTR_URL_QUERY] = url.slice(mark + 1);
    if (method === 'HTTP') attributes[ATTR_HTTP_REQUEST_METHOD_ORIGINAL] = request.method;
    const known = route?.attributes;
    if (known !== undefined) Object.assign(attributes, known);
    const name = route === undefined ? method : `${method} ${route.template}`;
    const links = callerLinks(extracted);
    const options = { kind: SpanKind.SERVER, attributes, ...(links && { links }) };
    return this.tracing.tracer.startSpan(name, options, extracted);
  }

  private finish(
    running: RunningRequest,
    request: IncomingMessage,
    response: ServerResponse,
    route: KnownRoute | undefined,
    scheme: 'http' | 'https',
    elapsedMs: number,
  ): void {
    const { status, errorType } = requestEnd(response, {
      refusal: this.refusals.get(response),
      closing: this.closing,
      elapsedMs,
      patienceMs: patienceMs(request.headers),
      abortMeans: this.options.abortMeans ?? 'cancelled',
    });
    const { span } = running;
    if (span !== undefined) {
      span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status);
      if (errorType !== undefined) {
        span.setAttribute(ATTR_ERROR_TYPE, errorType);
        if (errorType !== 'cancelled') span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    }
    this.options.ended?.({
      method: METHODS.has(request.method ?? '') ? (request.method ?? '') : '_OTHER',
      route: route?.template,
      status,
      scheme,
      errorType,
      seconds: elapsedMs / 1000,
      span,
      context: running.context,
    });
  }
}

/** Runs `work` in the context of a request, and leaves it alone if it is the active one. */
export function enterContext(entered: Context, work: () => void): void {
  if (entered === context.active()) work();
  else context.with(entered, work);
}

/** The scheme of a request that no proxy passed on. */
export function schemeOf({ socket }: IncomingMessage): 'http' | 'https' {
  return (socket as Partial<TLSSocket>).encrypted === true ? 'https' : 'http';
}
