import {
  type Attributes,
  type Context,
  isSpanContextValid,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import {
  ATTR_CLIENT_ADDRESS,
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
import type { Telemetry } from '@sockshop/telemetry';
import { context } from '@sockshop/tracing';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { plainAddress } from './listen-address.ts';
import { isTraced } from './untraced.ts';

interface Operation {
  readonly context: Context;
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

export interface HttpTracingOptions {
  /** Prefixes of paths that are not traced unless a controller answers them: files and unknown paths. */
  untracedBelow?: readonly string[];
  /** The route as the original's metrics spell it; default: the template. */
  legacyRoute?: (route: string) => string;
  /** Sends the span of each response to browsers, whose own spans of a page load join it. */
  serverTiming?: boolean;
}

/** Whether to trace a path that no controller answers. */
export function isPathTraced(
  path: string,
  { untracedBelow = [] }: HttpTracingOptions = {},
): boolean {
  return !untracedBelow.some((prefix) => path.startsWith(prefix));
}

/**
 * Records a SERVER span and a duration for every request. It enters the context at the first hook, and again after the body was read: the
 * events of the body run in the async context of the socket.
 */
export function traceRequests(
  fastify: FastifyInstance,
  telemetry: Telemetry,
  options: HttpTracingOptions = {},
): void {
  const tracing = new RequestTracing(telemetry, options);
  const operations = new WeakMap<FastifyRequest, Operation>();

  fastify.addHook('onRoute', (route) => {
    if (!isPathTraced(route.url, options)) route.config = { ...route.config, traced: false };
  });

  fastify.addHook('onRequest', (request, reply, done) => {
    const operation = tracing.start(request, reply);
    operations.set(request, operation);
    context.with(operation.context, done);
  });

  fastify.addHook('preValidation', (request, _reply, done) => {
    const entered = operations.get(request)?.context ?? context.active();
    if (entered === context.active()) done();
    else context.with(entered, done);
  });

  fastify.addHook('onResponse', (request, reply, done) => {
    tracing.finish(request, reply.statusCode, reply.elapsedTime, operations.get(request)?.span);
    done();
  });

  // The caller closed the connection: not an error, but the span must end.
  fastify.addHook('onRequestAbort', (request, done) => {
    operations.get(request)?.span?.end();
    done();
  });
}

/** The same for a request that Fastify's router rejects before any hook runs, such as one with a malformed URL. */
export function traceUnrouted(
  telemetry: Telemetry,
  options: HttpTracingOptions | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
  respond: () => void,
): void {
  const began = performance.now();
  const tracing = new RequestTracing(telemetry, options ?? {});
  const { context: entered, span } = tracing.start(request, reply);
  reply.raw.once('close', () => {
    tracing.finish(request, reply.statusCode, performance.now() - began, span);
  });
  context.with(entered, respond);
}

/** What is known of a route before a request comes. */
interface Route {
  /** The template in OpenTelemetry's spelling, `/catalogue/{id}`. */
  readonly template: string;
  readonly legacy: string;
}

class RequestTracing {
  /** By Fastify's template. */
  private readonly routes = new Map<string, Route>();
  /** The last `Host` header, and what Fastify reads from it: nearly all requests of a caller have the same. */
  private server = { header: '', hostname: '', port: undefined as number | null | undefined };

  constructor(
    private readonly telemetry: Telemetry,
    private readonly options: HttpTracingOptions,
  ) {}

  start(request: FastifyRequest, reply: FastifyReply): Operation {
    const extracted = this.telemetry.extract(request.headers);
    const { url } = request;
    const mark = url.indexOf('?');
    const path = mark === -1 ? url : url.slice(0, mark);
    const routed = request.routeOptions.url !== undefined;
    if (!(routed ? isTraced(request) : isPathTraced(path, this.options))) {
      const operation = { context: suppressTracing(extracted), span: undefined };
      this.answerIds(reply, operation);
      return operation;
    }
    const method = METHODS.has(request.method) ? request.method : 'HTTP';
    const route = this.routeOf(request)?.template;
    const attributes: Attributes = {
      [ATTR_HTTP_REQUEST_METHOD]: method === 'HTTP' ? '_OTHER' : method,
      [ATTR_URL_PATH]: path,
      [ATTR_NETWORK_PROTOCOL_VERSION]: request.raw.httpVersion,
    };
    this.addEnds(attributes, request);
    if (route !== undefined) attributes[ATTR_HTTP_ROUTE] = route;
    const userAgent = request.headers['user-agent'];
    if (userAgent !== undefined) attributes[ATTR_USER_AGENT_ORIGINAL] = userAgent;
    if (mark !== -1 && mark < url.length - 1) attributes[ATTR_URL_QUERY] = url.slice(mark + 1);
    if (method === 'HTTP') attributes[ATTR_HTTP_REQUEST_METHOD_ORIGINAL] = request.method;
    const name = route === undefined ? method : `${method} ${route}`;
    const span = this.telemetry.tracer.startSpan(
      name,
      { kind: SpanKind.SERVER, attributes },
      extracted,
    );
    const operation = { context: trace.setSpan(extracted, span), span };
    this.answerIds(reply, operation);
    return operation;
  }

  finish(request: FastifyRequest, status: number, elapsedMs: number, span: Span | undefined): void {
    const route = this.routeOf(request);
    const errorType = status >= 500 ? String(status) : undefined; // a client's mistake is not an error of the server
    span?.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status);
    if (errorType !== undefined) {
      span?.setAttribute(ATTR_ERROR_TYPE, errorType);
      span?.setStatus({ code: SpanStatusCode.ERROR });
    }
    span?.end();
    this.telemetry.metrics.observeHttpServer(elapsedMs / 1000, {
      method: METHODS.has(request.method) ? request.method : '_OTHER',
      route: route?.template,
      status,
      scheme: isForwarded(request) ? schemeOf(request) : 'http',
      errorType,
      legacyRoute: route?.legacy ?? 'unmatched',
    });
  }

  /** Who calls whom. Fastify asks its list of trusted proxies for each of these facts: not for a request that no proxy passed on. */
  private addEnds(attributes: Attributes, request: FastifyRequest): void {
    const forwarded = isForwarded(request);
    const header = request.headers.host ?? '';
    const known = !forwarded && header === this.server.header;
    const server = known ? this.server : { header, hostname: request.hostname, port: request.port };
    if (!forwarded) this.server = server;
    const address = forwarded ? request.ip : (request.socket.remoteAddress ?? request.ip);
    attributes[ATTR_URL_SCHEME] = forwarded ? schemeOf(request) : 'http';
    attributes[ATTR_SERVER_ADDRESS] = server.hostname;
    if (server.port) attributes[ATTR_SERVER_PORT] = server.port;
    attributes[ATTR_CLIENT_ADDRESS] = plainAddress(address);
  }

  /** Undefined if no route matched. */
  private routeOf(request: FastifyRequest): Route | undefined {
    const { url } = request.routeOptions;
    if (request.is404 || url === undefined) return undefined;
    let route = this.routes.get(url);
    if (route === undefined) {
      const template = url.replace(/:(\w+)/g, '{$1}');
      route = { template, legacy: this.options.legacyRoute?.(template) ?? template };
      this.routes.set(url, route);
    }
    return route;
  }

  private answerIds(reply: FastifyReply, of: Operation): void {
    const spanContext = trace.getSpanContext(of.context);
    if (!spanContext || !isSpanContextValid(spanContext)) return;
    const { traceId, spanId, traceFlags } = spanContext;
    void reply.header('x-trace-id', traceId);
    if (!this.options.serverTiming || of.span === undefined) return;
    const sampled = (traceFlags & TraceFlags.SAMPLED) === 0 ? '00' : '01';
    void reply.header('server-timing', `traceparent;desc="00-${traceId}-${spanId}-${sampled}"`);
  }
}

/** Whether a proxy may have passed the request on. The shop's own servers speak plain HTTP: TLS ends before them. */
function isForwarded({ headers }: FastifyRequest): boolean {
  return (
    headers['x-forwarded-for'] !== undefined ||
    headers['x-forwarded-host'] !== undefined ||
    headers['x-forwarded-proto'] !== undefined
  );
}

/** One of two values: `X-Forwarded-Proto` may be any text, and each value of a label is a series of its own. */
function schemeOf({ protocol }: FastifyRequest): 'http' | 'https' {
  return protocol.toLowerCase() === 'https' ? 'https' : 'http';
}
