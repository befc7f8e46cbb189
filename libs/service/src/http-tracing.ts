import {
  context,
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
  const operations = new WeakMap<FastifyRequest, Operation>();

  fastify.addHook('onRoute', (route) => {
    if (!isPathTraced(route.url, options)) route.config = { ...route.config, traced: false };
  });

  fastify.addHook('onRequest', (request, reply, done) => {
    const operation = start(telemetry, request, options);
    operations.set(request, operation);
    setTraceHeaders(reply, operation, options);
    context.with(operation.context, done);
  });

  fastify.addHook('preValidation', (request, _reply, done) => {
    context.with(operations.get(request)?.context ?? context.active(), done);
  });

  fastify.addHook('onResponse', (request, reply, done) => {
    finish(
      telemetry,
      request,
      reply.statusCode,
      reply.elapsedTime,
      operations.get(request)?.span,
      options,
    );
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
  const operation = start(telemetry, request, options ?? {});
  const { context: entered, span } = operation;
  setTraceHeaders(reply, operation, options ?? {});
  reply.raw.once('close', () => {
    finish(telemetry, request, reply.statusCode, performance.now() - began, span, options ?? {});
  });
  context.with(entered, respond);
}

function setTraceHeaders(reply: FastifyReply, of: Operation, options: HttpTracingOptions): void {
  const spanContext = trace.getSpanContext(of.context);
  if (!spanContext || !isSpanContextValid(spanContext)) return;
  const { traceId, spanId, traceFlags } = spanContext;
  reply.header('x-trace-id', traceId);
  if (!options.serverTiming || of.span === undefined) return;
  const sampled = (traceFlags & TraceFlags.SAMPLED) === 0 ? '00' : '01';
  reply.header('server-timing', `traceparent;desc="00-${traceId}-${spanId}-${sampled}"`);
}

function start(
  telemetry: Telemetry,
  request: FastifyRequest,
  options: HttpTracingOptions,
): Operation {
  const extracted = telemetry.extract(request.headers);
  const path = request.url.split('?', 1)[0] ?? '/';
  const routed = request.routeOptions.url !== undefined;
  if (!(routed ? isTraced(request) : isPathTraced(path, options))) {
    return { context: suppressTracing(extracted), span: undefined };
  }
  const method = METHODS.has(request.method) ? request.method : 'HTTP';
  const route = routeOf(request);
  const query = request.url.slice(path.length + 1);
  const span = telemetry.tracer.startSpan(
    route === undefined ? method : `${method} ${route}`,
    {
      kind: SpanKind.SERVER,
      attributes: {
        [ATTR_HTTP_REQUEST_METHOD]: method === 'HTTP' ? '_OTHER' : method,
        ...(method === 'HTTP' && { [ATTR_HTTP_REQUEST_METHOD_ORIGINAL]: request.method }),
        ...(route !== undefined && { [ATTR_HTTP_ROUTE]: route }),
        [ATTR_URL_PATH]: path,
        ...(query !== '' && { [ATTR_URL_QUERY]: query }),
        [ATTR_URL_SCHEME]: schemeOf(request),
        [ATTR_SERVER_ADDRESS]: request.hostname,
        ...(request.port && { [ATTR_SERVER_PORT]: request.port }),
        [ATTR_CLIENT_ADDRESS]: plainAddress(request.ip),
        [ATTR_NETWORK_PROTOCOL_VERSION]: request.raw.httpVersion,
        [ATTR_USER_AGENT_ORIGINAL]: request.headers['user-agent'],
      },
    },
    extracted,
  );
  return { context: trace.setSpan(extracted, span), span };
}

function finish(
  telemetry: Telemetry,
  request: FastifyRequest,
  status: number,
  elapsedMs: number,
  span: Span | undefined,
  options: HttpTracingOptions,
): void {
  const route = routeOf(request);
  const errorType = status >= 500 ? String(status) : undefined; // a client's mistake is not an error of the server
  span?.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status);
  if (errorType !== undefined) {
    span?.setAttribute(ATTR_ERROR_TYPE, errorType);
    span?.setStatus({ code: SpanStatusCode.ERROR });
  }
  span?.end();
  telemetry.metrics.observeHttpServer(elapsedMs / 1000, {
    method: METHODS.has(request.method) ? request.method : '_OTHER',
    route,
    status,
    scheme: schemeOf(request),
    errorType,
    legacyRoute: route === undefined ? 'unmatched' : (options.legacyRoute?.(route) ?? route),
  });
}

/** One of two values: `X-Forwarded-Proto` may be any text, and each value of a label is a series of its own. */
function schemeOf({ protocol }: FastifyRequest): 'http' | 'https' {
  return protocol.toLowerCase() === 'https' ? 'https' : 'http';
}

/** Returns the template in OpenTelemetry's spelling (`/catalogue/{id}`), or undefined if no route matched. */
function routeOf(request: FastifyRequest): string | undefined {
  if (request.is404) return undefined;
  return request.routeOptions.url?.replace(/:(\w+)/g, '{$1}');
}
