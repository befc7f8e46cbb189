import {
  type Context,
  createContextKey,
  defaultTextMapGetter,
  defaultTextMapSetter,
  type TextMapGetter,
  type Tracer,
} from '@opentelemetry/api';
import {
  SimpleSpanProcessor,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import { setTimeout as wait } from 'node:timers/promises';
import { context, registerContextManager } from './context.ts';
import { type ForeignSpan, readable } from './foreign-span.ts';
import { NO_CONTEXT } from './linked-context.ts';
import { passThrough } from './pass-through.ts';
import { ShopPropagator } from './propagation.ts';
import { Redaction } from './redaction.ts';
import { foreignResource, serviceResource } from './resource.ts';
import { samplerOf } from './sampling.ts';
import { SCOPE } from './scope.ts';
import { reportSettings } from './settings-log.ts';
import { ShopTracer } from './shop-tracer.ts';
import type { CountExported } from './counted-exporter.ts';
import type { EventLog } from './export-losses.ts';
import { spanProcessors } from './span-processors.ts';
import { type TracingConfig, tracingConfig } from './tracing-config.ts';
import type { LocalAddress } from './zipkin-encoder.ts';

const TRACING = createContextKey('tracing of the service that handles this operation');

/** What a service's tracing is made of; `tracingParts` makes it. */
export interface TracingParts {
  readonly serviceName: string;
  readonly config: TracingConfig;
  /** Makes no spans with tracing off. */
  readonly tracer: Tracer;
  readonly processors: readonly SpanProcessor[];
  readonly localAddress: LocalAddress;
}

/**
 * Provider and processors for the service `name`, exporting where `config` says.
 * A test's `exporter` takes every span as it ends instead. Lost spans are counted by `countExported` and reported in `log`.
 */
export async function tracingParts(
  name: string,
  config: TracingConfig,
  exporter?: SpanExporter,
  log?: EventLog,
  countExported?: CountExported,
): Promise<TracingParts> {
  const serviceName = config.serviceName ?? name;
  const localAddress: LocalAddress = {};
  if (log) reportSettings(config, log);
  if (!config.enabled) {
    return { serviceName, config, tracer: passThrough, processors: [], localAddress };
  }
  const exporting = exporter
    ? [new SimpleSpanProcessor({ exporter })]
    : await spanProcessors(serviceName, config, localAddress, countExported, log);
  const processors = [new Redaction(), ...exporting];
  const resource = serviceResource(serviceName, config.resourceAttributes);
  const { limits } = config;
  const origin = { resource, instrumentationScope: SCOPE, processors, limits };
  const tracer = new ShopTracer(origin, samplerOf(config.sampler), config.joinsSpans);
  return { serviceName, config, tracer, processors, localAddress };
}

/**
 * One service's tracer and propagator, with a resource of its own: several of them in one process trace exactly as several
 * processes do. Only the context manager is global; it belongs to the process.
 */
export class Tracing {
  readonly serviceName: string;
  readonly tracer: Tracer;
  /** Where the service listens, as Zipkin's local end point shows it. Filled in when the port is open. */
  readonly localAddress: LocalAddress;
  private readonly propagator: ShopPropagator;

  protected constructor(private readonly parts: TracingParts) {
    registerContextManager();
    this.serviceName = parts.serviceName;
    this.localAddress = parts.localAddress;
    this.propagator = new ShopPropagator(parts.config.propagators, parts.config.joinsSpans);
    this.tracer = parts.tracer;
  }

  /** Tracing of the service `name`; the parameters are those of `tracingParts`. */
  static async start(
    name: string,
    config: TracingConfig = tracingConfig({}),
    exporter?: SpanExporter,
    log?: EventLog,
    countExported?: CountExported,
  ): Promise<Tracing> {
    return new Tracing(await tracingParts(name, config, exporter, log, countExported));
  }

  /** Exports spans of `service`, which has no exporter, as this service's own spans. With tracing off, it drops them. */
  exportForeign(service: string, spans: readonly ForeignSpan[]): void {
    const origin = foreignResource(service, this.parts.config.resourceAttributes);
    const ids = new Set(spans.map(({ id }) => id));
    for (const span of spans) {
      const local = span.parentId !== undefined && ids.has(span.parentId);
      const ended = readable(span, origin, SCOPE, local);
      for (const processor of this.parts.processors) processor.onEnd(ended);
    }
  }

  /** The context of a request or message with these headers. Without a caller's trace, a new trace starts in it. */
  extract(headers: Record<string, unknown>): Context {
    return this.enter(this.propagator.extract(NO_CONTEXT, headers, headerGetter));
  }

  /** Writes the trace context into outgoing headers, also when nothing is exported or sampled. */
  inject(from: Context, headers: Record<string, string>): void {
    this.propagator.inject(from, headers, defaultTextMapSetter);
  }

  /** `from`, marked as this service's, so that `Tracing.active()` finds it. */
  enter(from: Context): Context {
    return from.setValue(TRACING, this);
  }

  /** The tracing of the service whose request or message is being handled; undefined outside of one. */
  static active(): Tracing | undefined {
    return context.active().getValue(TRACING) as Tracing | undefined; // only set by enter()
  }

  /** Sends the spans that wait. */
  async flush(): Promise<void> {
    const { processors } = this.parts;
    await Promise.allSettled(processors.map((processor) => processor.forceFlush())); // a dead collector must not fail its caller
  }

  /** Sends the spans that wait and stops. The wait is bounded: a collector that hangs loses its spans. */
  async shutdown(): Promise<void> {
    const { processors } = this.parts;
    if (processors.length === 0) return;
    const ended = Promise.allSettled(processors.map((processor) => processor.shutdown()));
    const patience = new AbortController();
    const enough = wait(SHUTDOWN_MS, undefined, { signal: patience.signal });
    await Promise.race([ended, enough]);
    patience.abort();
    await enough.catch(() => undefined);
  }
}

/** Longest wait for the last spans; a service has 5 s for its whole shutdown. */
const SHUTDOWN_MS = 1500;

/** Expects names in lower case. Header values may be bytes, numbers or truth values (AMQP clients in other languages), and lists of them. */
const headerGetter: TextMapGetter<Record<string, unknown>> = {
  keys: (headers) => defaultTextMapGetter.keys(headers),
  get(headers, name) {
    const value = headers[name];
    if (!Array.isArray(value)) return headerText(value);
    return value.map(headerText).filter((part) => part !== undefined);
  },
};

function headerText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
