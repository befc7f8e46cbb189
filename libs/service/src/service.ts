import { type DynamicModule, Module } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Telemetry } from '@sockshop/telemetry';
import {
  FastifyRequests,
  type FastifyTracingOptions,
  isPathTraced,
} from '@sockshop/tracing/fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { AllowedMethods } from './allowed-methods.ts';
import { refuseForeignHosts } from './foreign-hosts.ts';
import { refuseForeignPages } from './foreign-pages.ts';
import { HealthController, HealthReport } from './health.ts';
import { answerLikeOthers, httpServer } from './http-server.ts';
import { handlerNames } from './controller-paths.ts';
import { JsonLog, type LogLevel } from './json-log.ts';
import { MetricsController } from './metrics.controller.ts';
import { EVERY_ADDRESS, listenAddress, reachableHost } from './listen-address.ts';
import { ApiDescription, OpenApiController } from './openapi.controller.ts';
import { type ApiFacts, LONGEST_ID } from './operation.ts';
import { PROBLEM_TYPE, ProblemFilter } from './problem.filter.ts';
import { type ProblemShape, ShopError } from './problem.ts';
import { readJsonBodies } from './request-body.ts';
import { requestLines, requestLogLevel } from './request-log.ts';
import { requestMetrics } from './request-metrics.ts';
import { SchemaPipe } from './schema.pipe.ts';

export interface HttpOptions extends Pick<
  FastifyTracingOptions,
  'isPage' | 'serverTiming' | 'trust' | 'untracedBelow'
> {
  /** The route as the original's metrics spell it; default: the template. */
  readonly legacyRoute?: (route: string) => string;
  /** Callers are browsers and scripts, which go when they like: one that closes its connection is no failure of the service's. */
  readonly edge?: boolean;
}

/** One of the shop's services. It can be started alone or beside others. */
export interface ServiceDefinition {
  readonly name: string;
  readonly module: DynamicModule;
  /** 0: any free port. */
  readonly port: number;
  readonly host: string;
  /** Host names that a listener on loopback serves besides its own. Default: none. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Addresses, subnets and proxy-addr's names of them, whose `X-Forwarded-For` is believed. Default: loopback. */
  readonly trustedProxies?: readonly string[] | undefined;
  readonly problem?: ProblemShape;
  /** Headers of every response, also of those to malformed requests, unless the route sets others. Undefined: what came is no request. */
  readonly responseHeaders?: (request?: FastifyRequest) => Readonly<Record<string, string>>;
  /** Longest time for a whole request to arrive, in ms. Default 15 s. */
  readonly requestMs?: number;
  /** For `/openapi.json`. */
  readonly api?: ApiFacts;
  readonly http?: HttpOptions;
  /** Registers plugins of Fastify that must come before the routes. */
  readonly configure?: (app: NestFastifyApplication) => Promise<void>;
}

/** What each service's main.ts exports as `define`: makes the service from its variables and flags. @throws ConfigError */
export type DefineService = (
  env: Readonly<Record<string, string | undefined>>,
  argv?: readonly string[],
) => ServiceDefinition;

export interface RunningService {
  readonly name: string;
  readonly url: string;
  readonly port: number;
  /**
   * Drains requests, then closes what the module opened (queues, pools), then sends the last spans. For `drainDelayMs` before that it
   * reports that it is not ready, and still serves; each response closes its connection.
   */
  close(drainDelayMs?: number): Promise<void>;
}

/** Largest request body in bytes; the original's front-end allowed as much. */
const BODY_LIMIT_BYTES = 100 * 1024;
/** Longest wait for running requests when closing. */
const DRAIN_MS = 3000;

/**
 * Zod checks requests, so Fastify's own JSON schemas are never used. These stand-ins keep its schema compilers from being loaded: 260 of
 * 1390 modules, with three copies of ajv.
 */
const noSchemas = { buildValidator: noSchema, buildSerializer: noSchema };

function noSchema(): never {
  throw new Error('give Nest a Zod schema: this server has no compiler for JSON schemas');
}

/** What every service can inject: its telemetry and its log. */
@Module({})
class ServiceModule {
  static with(
    { name, api, problem, http }: ServiceDefinition,
    telemetry: Telemetry,
    log: JsonLog,
  ): DynamicModule {
    const facts = api ?? { title: name, description: '' };
    const traced = (path: string) => isPathTraced(path, http);
    return {
      module: ServiceModule,
      global: true,
      controllers: [HealthController, MetricsController, OpenApiController],
      providers: [
        {
          provide: ApiDescription,
          useValue: new ApiDescription({ name, facts, problem, traced }),
        },
        { provide: Telemetry, useValue: telemetry },
        { provide: JsonLog, useValue: log },
      ],
      exports: [Telemetry, JsonLog],
    };
  }
}

@Module({})
class RootModule {}

/** Starts the service and listens. Rejects when the port is busy or the module cannot be wired, never because of another service. */
export async function startService(
  definition: ServiceDefinition,
  telemetry: Telemetry,
  log: JsonLog = new JsonLog(definition.name),
  requestLevel: LogLevel | 'off' = requestLogLevel(undefined),
): Promise<RunningService> {
  log.sendTo(telemetry.logger);
  const allowed = new AllowedMethods();
  const problems = new ProblemFilter(log, allowed, definition.problem);
  const { legacyRoute, edge = false, ...traced } = definition.http ?? {};
  const measure = requestMetrics(telemetry, legacyRoute);
  const note = requestLines(log, requestLevel);
  let handlers: ReadonlyMap<string, string> | undefined;
  const requests = new FastifyRequests(telemetry, {
    ...traced,
    ended: (request) => {
      measure(request);
      note?.(request);
    },
    handler: (method, template) => {
      handlers ??= handlerNames(app.get(ModulesContainer));
      return handlers.get(`${method === 'HEAD' ? 'GET' : method} ${template}`);
    },
    abortMeans: edge ? 'cancelled' : 'timeout',
  });
  const adapter = new FastifyAdapter({
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      void reply.headers(definition.responseHeaders?.(request) ?? {}); // no hook runs here
      requests.unrouted(request, reply, () => {
        problems.answer(unroutable(error), request, reply);
      });
    },
    ...httpServer({
      requestMs: definition.requestMs,
      refuse: (status, detail) => ({
        headers: { ...definition.responseHeaders?.(), ...PROBLEM_TYPE },
        body: problems.textOf({ status, detail }),
      }),
      refused: (response, status) => {
        requests.refused(response, status);
      },
    }),
    bodyLimit: BODY_LIMIT_BYTES,
    // As the routers of the original's Java services; front-end redirects instead.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: LONGEST_ID },
    forceCloseConnections: 'idle',
    return503OnClosing: false, // while draining, a kept connection gets one more response and is then closed
    trustProxy: [...(definition.trustedProxies ?? ['loopback'])],
    schemaController: { compilersFactory: noSchemas },
  });
  const fastify = adapter.getInstance();
  allowed.watch(fastify);
  requests.trace(fastify);
  const { name, allowedHosts = [], responseHeaders } = definition;
  if (responseHeaders) {
    fastify.addHook('onRequest', (request, reply, done) => {
      reply.headers(responseHeaders(request));
      done();
    });
  }
  answerLikeOthers(fastify);
  refuseForeignHosts(fastify, definition.host, [name, ...allowedHosts]);
  refuseForeignPages(fastify, allowedHosts);
  const root = {
    module: RootModule,
    imports: [ServiceModule.with(definition, telemetry, log), definition.module],
  };
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    logger: quiet(log, () => fastify.server.listening),
    abortOnError: false,
    bodyParser: false,
  });
  readJsonBodies(fastify);
  app.useGlobalPipes(new SchemaPipe());
  app.useGlobalFilters(problems);
  await definition.configure?.(app);
  const health = app.get(HealthReport, { strict: false });
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (health.draining) void reply.header('connection', 'close'); // a kept connection would delay the end
    done(null, payload);
  });
  const host = await listenAddress(definition.host);
  await app.listen(definition.port, host);
  const { port } = fastify.server.address() as { port: number }; // a TCP server's address is an object
  Object.assign(telemetry.localAddress, { address: localAddress(host), port });
  log.log('listening', { port });
  return {
    name: definition.name,
    port,
    url: `http://${reachableHost(host)}:${port}`,
    close: async (drainDelayMs = 0) => {
      health.draining = true;
      if (drainDelayMs > 0) await sleep(drainDelayMs);
      const cut = setTimeout(() => {
        requests.shutdown();
        fastify.server.closeAllConnections();
      }, DRAIN_MS);
      await fastify.close(); // requests first; Nest alone would close the stores under them
      clearTimeout(cut);
      await requests.drained();
      await app.close();
      await telemetry.shutdown();
    },
  };
}

/** The error of a URL that no route can have. */
function unroutable({ code, statusCode = 400, message }: FastifyError): ShopError {
  if (code !== 'FST_ERR_MAX_PARAM_LENGTH') return new ShopError(statusCode, message);
  return new ShopError(404, `no id has more than ${LONGEST_ID} characters`);
}

function localAddress(host: string): string {
  return host === EVERY_ADDRESS || host === '0.0.0.0' || host === 'localhost' ? '127.0.0.1' : host;
}

/** Without Nest's start-up lines, which help only its developers; the caller reports start-up failures. */
function quiet(
  log: JsonLog,
  started: () => boolean,
): Pick<JsonLog, 'log' | 'warn' | 'error' | 'fatal'> {
  const unlessStarting = (message: unknown, ...rest: unknown[]): void => {
    if (started()) log.error(message, ...rest);
  };
  return {
    log: () => undefined,
    warn: log.warn.bind(log),
    error: unlessStarting,
    fatal: unlessStarting,
  };
}
