import {
  type DynamicModule,
  Inject,
  Module,
  type NestModule,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { FastifyInstance } from 'fastify';
import type { RequestListener, Server } from 'node:http';
import type { EventLog } from './export-losses.ts';
import { FastifyRequests, type FastifyTracingOptions } from './fastify.ts';
import { NodeRequests } from './node-http.ts';
import { Tracing } from './tracing.ts';
import { type TracingConfig, tracingConfig } from './tracing-config.ts';

export { Traced } from './spans.ts';

/** Options of `TracingModule.forRoot()`. */
export interface TracingModuleOptions extends FastifyTracingOptions {
  readonly serviceName: string;
  /** Default: what the environment says. */
  readonly config?: TracingConfig;
  /** Takes every span as it ends, in tests. */
  readonly exporter?: SpanExporter;
  readonly log?: EventLog;
}

const OPTIONS = Symbol('options of TracingModule');

/**
 * Tracing of a Nest application: SERVER spans of its HTTP server, a `Tracing` that can be injected, and `@Traced()` for methods.
 *
 * ```ts
 * @Module({ imports: [TracingModule.forRoot({ serviceName: 'carts' })] })
 * class AppModule {}
 * ```
 *
 * Call `app.enableShutdownHooks()` or `app.close()`, so that the last spans are sent. With Express the route is not known, and spans are named
 * for the method alone.
 */
@Module({})
export class TracingModule implements NestModule, OnApplicationShutdown {
  private requests: FastifyRequests | NodeRequests | undefined;

  constructor(
    @Inject(Tracing) private readonly tracing: Tracing,
    @Inject(OPTIONS) private readonly options: TracingModuleOptions,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  static forRoot(options: TracingModuleOptions): DynamicModule {
    const { serviceName, config, exporter, log } = options;
    const tracing = {
      provide: Tracing,
      useFactory: () =>
        Tracing.start(serviceName, config ?? tracingConfig(process.env), exporter, log),
    };
    return {
      module: TracingModule,
      global: true,
      providers: [{ provide: OPTIONS, useValue: options }, tracing],
      exports: [Tracing],
    };
  }

  /** Nest calls it before it makes the routes, which the hooks must precede. */
  configure(): void {
    const adapter = this.host.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined; // none in an application without HTTP
    if (!adapter) return;
    if (adapter.getType() === 'fastify') {
      this.requests = new FastifyRequests(this.tracing, this.options);
      this.requests.trace(adapter.getInstance<FastifyInstance>());
    } else {
      this.requests = new NodeRequests(this.tracing, this.options);
      wrapListeners(adapter.getHttpServer() as Server, this.requests);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.requests?.shutdown();
    await this.requests?.drained();
    await this.tracing.shutdown();
  }
}

/** Express and others put one listener on Node's server. */
function wrapListeners(server: Server, requests: NodeRequests): void {
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  for (const listener of listeners) server.on('request', requests.trace(listener));
}
