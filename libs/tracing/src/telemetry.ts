import {
  type Context,
  context,
  createContextKey,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type TextMapGetter,
  type Tracer,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { type ExportResult, ExportResultCode, SDK_INFO } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  SimpleSpanProcessor,
  type Span,
  type SpanExporter,
  type SpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { SCHEMA_URL } from './schema-url.ts';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { b3Decision } from './b3.ts';
import { withClock } from './clock.ts';
import { type ForeignSpan, readable } from './foreign-span.ts';
import { Metrics } from './metrics.ts';
import { passThroughProvider } from './pass-through.ts';
import { ShopPropagator } from './propagation.ts';
import { samplerOf } from './sampling.ts';
import { type TracingConfig, tracingConfig } from './tracing-config.ts';
import { type LocalAddress, toZipkin } from './zipkin-encoder.ts';
import { ZipkinExporter } from './zipkin-exporter.ts';

const TELEMETRY = createContextKey('telemetry of the service that handles this operation');

/**
 * One service's tracer, metrics and propagator, with a resource of its own: eight of them in one process trace exactly as
 * eight processes do. Nothing global but the context manager, which is the process's.
 */
export class Telemetry {
  readonly tracer: Tracer;
  private readonly propagator: ShopPropagator;

  private constructor(
    readonly serviceName: string,
    private readonly provider: TracerProvider | undefined,
    config: TracingConfig,
    readonly metrics: Metrics,
    /** Where the service listens; goes into Zipkin's local end point. Filled in by whoever opens the port. */
    readonly localAddress: LocalAddress = {},
    private readonly processors: readonly SpanProcessor[] = [],
    private readonly resourceAttributes: TracingConfig['resourceAttributes'] = {},
  ) {
    this.propagator = new ShopPropagator(config.propagators);
    const { name, version, schemaUrl } = SCOPE;
    const tracer = (provider ?? passThroughProvider).getTracer(name, version, { schemaUrl });
    this.tracer = withClock(tracer);
  }

  /**
   * Telemetry of the service `name`, exporting where `config` says.
   * `exporter` takes every span as it ends instead: for tests.
   */
  static async start(
    name: string,
    config: TracingConfig = tracingConfig({}),
    exporter?: SpanExporter,
  ): Promise<Telemetry> {
    context.setGlobalContextManager(contextManager); // the first call counts, later ones change nothing
    const serviceName = config.serviceName ?? name;
    const metrics = new Metrics(serviceName);
    if (!config.enabled) return new Telemetry(serviceName, undefined, config, metrics);
    const address: LocalAddress = {};
    const processors = exporter
      ? [new SimpleSpanProcessor({ exporter })]
      : await batchProcessors(serviceName, config, address, metrics);
    const provider = new TracerProvider({
      resource: resource(serviceName, config),
      sampler: samplerOf(config.sampler),
      spanProcessors: processors,
    });
    const { resourceAttributes } = config;
    return new Telemetry(
      serviceName,
      provider,
      config,
      metrics,
      address,
      processors,
      resourceAttributes,
    );
  }

  /** Sends spans of `service`, which has no exporter of its own, the way this service's own go; with tracing off, nowhere. */
  exportForeign(service: string, spans: readonly ForeignSpan[]): void {
    const origin = foreignResource(service, this.resourceAttributes);
    const ids = new Set(spans.map(({ id }) => id));
    for (const span of spans) {
      const local = span.parentId !== undefined && ids.has(span.parentId);
      const ended = readable(span, origin, SCOPE, local);
      for (const processor of this.processors) processor.onEnd(ended);
    }
  }

  /** The context of a request or message with these headers; without a caller's trace, one where a new trace starts. */
  extract(headers: Record<string, unknown>): Context {
    return this.enter(this.propagator.extract(ROOT_CONTEXT, headers, headerGetter));
  }

  /** Writes the trace context into outgoing headers, also when nothing is exported or sampled. */
  inject(from: Context, headers: Record<string, string>): void {
    this.propagator.inject(from, headers, defaultTextMapSetter);
  }

  /** `from`, marked as this service's: what `Telemetry.active()` finds. */
  enter(from: Context): Context {
    return from.setValue(TELEMETRY, this);
  }

  /** The telemetry of the service whose request or message is being handled; undefined outside of one. */
  static active(): Telemetry | undefined {
    return context.active().getValue(TELEMETRY) as Telemetry | undefined; // only set by enter()
  }

  /** Sends what is waiting. */
  async flush(): Promise<void> {
    await this.provider?.forceFlush().catch(() => undefined); // a dead collector must not fail its caller
  }

  /** Sends what is waiting and stops. A collector that hangs is not waited for: its spans are lost. */
  async shutdown(): Promise<void> {
    if (!this.provider) return;
    const patience = new AbortController();
    const enough = wait(SHUTDOWN_MS, undefined, { signal: patience.signal });
    await Promise.race([this.provider.shutdown(), enough]).catch(() => undefined);
    patience.abort();
    await enough.catch(() => undefined);
  }
}

/** Longest wait for the last spans; a service has 5 s for its whole shutdown. */
const SHUTDOWN_MS = 1500;

export const VERSION = '1.0.0';
const SCOPE = { name: '@sockshop/tracing', version: VERSION, schemaUrl: SCHEMA_URL };
const contextManager = new AsyncLocalStorageContextManager();

function resource(serviceName: string, config: TracingConfig) {
  return resourceFromAttributes(
    {
      'service.namespace': 'sock-shop',
      'service.version': VERSION,
      'service.instance.id': randomUUID(),
      'host.name': hostname(),
      'process.pid': process.pid,
      'process.runtime.version': process.versions.node,
      ...SDK_INFO,
      ...config.resourceAttributes,
      'service.name': serviceName,
    },
    { schemaUrl: SCHEMA_URL },
  );
}

/** Of a process that is not ours: nothing is known of its host. */
function foreignResource(serviceName: string, attributes: TracingConfig['resourceAttributes']) {
  return resourceFromAttributes(
    {
      'service.namespace': 'sock-shop',
      'service.version': VERSION,
      ...attributes,
      'service.name': serviceName,
    },
    { schemaUrl: SCHEMA_URL },
  );
}

async function batchProcessors(
  serviceName: string,
  config: TracingConfig,
  address: LocalAddress,
  metrics: Metrics,
): Promise<SpanProcessor[]> {
  const processors: SpanProcessor[] = [];
  if (config.zipkinUrl) {
    const debug = new DebugMarks();
    const exporter = new ZipkinExporter(
      config.zipkinUrl,
      config.batch.exportTimeoutMillis,
      (span) => {
        const own = span.resource.attributes['service.name'] === serviceName;
        return toZipkin(span, own ? address : {}, debug.has(span));
      },
    );
    processors.push(debug, batch(exporter, 'zipkin', config, metrics));
  }
  if (config.otlpUrl) {
    // Loaded only where it is used: it costs memory that the embedded way does not have to spend.
    const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto');
    const exporter = new OTLPTraceExporter({ url: config.otlpUrl });
    processors.push(batch(exporter, 'otlp_http', config, metrics));
  }
  return processors;
}

/**
 * Batches spans for `exporter`. Losses are counted, so that a hole in a trace can be told from a service that did nothing:
 * `queue_full` where spans end faster than they are sent, `export_failed` where a batch did not get through.
 */
function batch(
  exporter: SpanExporter,
  component: string,
  { batch: limits }: TracingConfig,
  metrics: Metrics,
): SpanProcessor {
  let waiting = 0; // as many as the processor's own queue holds
  const processor = new BatchSpanProcessor({
    ...limits,
    exporter: {
      export(spans, done) {
        waiting -= spans.length;
        exporter.export(spans, (result: ExportResult) => {
          const lost = result.code === ExportResultCode.SUCCESS ? undefined : 'export_failed';
          metrics.countExported(component, spans.length, lost);
          // A collector that is away is counted, not thrown: the SDK would print a stack every second.
          done({ code: ExportResultCode.SUCCESS });
        });
      },
      forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
      shutdown: () => exporter.shutdown(),
    },
  });
  return {
    onStart: (span, parent) => {
      processor.onStart(span, parent);
    },
    onEnd(span) {
      if (waiting >= limits.maxQueueSize) metrics.countExported(component, 1, 'queue_full');
      else waiting += 1;
      processor.onEnd(span);
    },
    forceFlush: () => processor.forceFlush(),
    shutdown: () => processor.shutdown(),
  };
}

/** Remembers which spans belong to a B3 debug trace: Zipkin keeps those whatever its own sampling. */
class DebugMarks implements SpanProcessor {
  private readonly spans = new WeakSet<object>();

  has(span: object): boolean {
    return this.spans.has(span);
  }

  onStart(span: Span, parent: Context): void {
    if (b3Decision(parent) === 'debug') this.spans.add(span);
  }

  onEnd(): void {
    // nothing to do: the encoder asks
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** Names are lower case by the time they come here. Header values may arrive as bytes (AMQP clients in other languages) or repeated (HTTP). */
const headerGetter: TextMapGetter<Record<string, unknown>> = {
  keys: (headers) => defaultTextMapGetter.keys(headers),
  get(headers, name) {
    const value = headers[name];
    if (Array.isArray(value)) return value.map((part) => String(part));
    if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  },
};
