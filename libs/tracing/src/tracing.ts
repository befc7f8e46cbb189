import {
  type Attributes,
  type Context,
  createContextKey,
  defaultTextMapSetter,
  type Logger,
  type Span,
  type TextMapPropagator,
  TraceFlags,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import {
  SimpleSpanProcessor,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import { setTimeout as wait } from 'node:timers/promises';
import { agentContext, AgentTracer } from './agent.ts';
import { BaggageTags } from './baggage.ts';
import { context, registerContextManager } from './context.ts';
import { type ForeignSpan, readable } from './foreign-span.ts';
import { logRecords, type LogRecords } from './log-records.ts';
import { headerGetter } from './header-getter.ts';
import { NO_CONTEXT } from './linked-context.ts';
import { passThrough } from './pass-through.ts';
import { TracePropagator } from './propagation.ts';
import { Redaction } from './redaction.ts';
import { foreignResource, serviceResource } from './resource.ts';
import { samplerOf } from './sampling.ts';
import { SCOPE } from './scope.ts';
import {
  foreignProvider,
  registerServiceProvider,
  type Scope,
  showAgent,
} from './service-provider.ts';
import { reportSettings } from './settings-log.ts';
import { ServiceTracer } from './service-tracer.ts';
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
  readonly tracerOf: (scope: Scope) => Tracer;
  /** What another SDK registered before: `tracer` joins its traces. */
  readonly agent: TracerProvider | undefined;
  readonly processors: readonly SpanProcessor[];
  /** Undefined where log records go nowhere. */
  readonly logs: LogRecords | undefined;
  /** Undefined where nothing is recorded here. */
  readonly resource: Resource | undefined;
  /** Whether spans go anywhere. */
  readonly exports: boolean;
  readonly localAddress: LocalAddress;
}

const NO_LOG: EventLog = { log: () => undefined, warn: () => undefined };

/**
 * Provider and processors for the service `name`, exporting where `config` says.
 * A test's `exporter` takes every span as it ends instead. Lost spans are counted by `countExported` and reported in `log`.
 */
export async function tracingParts(
  name: string,
  config: TracingConfig,
  exporter?: SpanExporter,
  log?: EventLog,
  countExported: CountExported = () => undefined,
): Promise<TracingParts> {
  const serviceName = config.serviceName ?? name;
  const localAddress: LocalAddress = {};
  if (log) reportSettings(config, log);
  const agent = foreignProvider();
  const common = { serviceName, config, localAddress, agent, exports: true };
  if (!config.enabled || (agent && !config.joinsAgent)) {
    const nothing = { processors: [], logs: undefined, resource: undefined, exports: false };
    return { ...common, tracer: passThrough, tracerOf: () => passThrough, ...nothing };
  }
  const counting = { countExported, log: log ?? NO_LOG };
  const exporting = exporter
    ? [new SimpleSpanProcessor({ exporter })]
    : await spanProcessors(serviceName, config, localAddress, counting);
  const processors = [new BaggageTags(config.baggageTags), new Redaction(), ...exporting];
  if (agent) {
    reportAgent(agent, log);
    const tracerOf = ({ name, version }: Scope): Tracer => agent.getTracer(name, version);
    return {
      ...common,
      tracer: new AgentTracer(agent, config.baggageTags),
      tracerOf,
      processors,
      logs: undefined,
      resource: undefined,
    };
  }
  const resource = serviceResource(serviceName, config);
  const { limits, exceptions } = config;
  const logs = await logRecords(config, resource, counting);
  const { logger } = logs ?? {};
  const sampler = samplerOf(config.sampler);
  const tracerOf = (instrumentationScope: Scope): Tracer =>
    new ServiceTracer(
      { resource, instrumentationScope, processors, limits, logger, exceptions },
      sampler,
      config.joinsSpans,
    );
  const exports = exporting.length > 0;
  return { ...common, tracer: tracerOf(SCOPE), tracerOf, processors, logs, resource, exports };
}

let reported = false;

/** Once for a process, which may have several services. */
function reportAgent(agent: TracerProvider, log: EventLog | undefined): void {
  const older = showAgent(agent);
  if (reported || !log) return;
  reported = true;
  log.log('spans join the traces of the agent that was loaded before', {});
  if (older === undefined) return;
  const message = 'the agent brings an older @opentelemetry/api, whose context only its copy shows';
  log.warn(message, { agentApi: older });
}

/**
 * One service's tracer and propagator, with a resource of its own: several of them in one process trace exactly as several
 * processes do. The process has one context manager, and one global provider, which finds the service by its context.
 */
export class Tracing {
  readonly serviceName: string;
  readonly tracer: Tracer;
  /** Takes log records, such as those of exceptions; undefined where they go nowhere. */
  readonly logger: Logger | undefined;
  readonly config: TracingConfig;
  /** Whether SERVER spans name their handler also as Spring Sleuth did. */
  readonly mvcTags: boolean;
  /** Where the service listens, as Zipkin's local end point shows it. Filled in when the port is open. */
  readonly localAddress: LocalAddress;
  /** Reads and writes headers, for code that uses the API's own interface. */
  readonly propagator: TextMapPropagator;

  protected constructor(private readonly parts: TracingParts) {
    registerContextManager();
    registerServiceProvider(ownerOf);
    running.add(this);
    this.serviceName = parts.serviceName;
    this.localAddress = parts.localAddress;
    this.propagator = new TracePropagator({
      formats: parts.config.propagators,
      joinsSpans: parts.config.joinsSpans,
    });
    this.tracer = parts.tracer;
    this.mvcTags = parts.config.mvcTags;
    this.logger = parts.logs?.logger;
    this.config = parts.config;
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

  /**
   * Exports spans of `service`, which has no exporter, as this service's own spans. `known` describes its process. With tracing off, it
   * drops them.
   */
  exportForeign(service: string, spans: readonly ForeignSpan[], known: Attributes = {}): void {
    const origin = foreignResource(service, this.parts.config, known);
    const ids = new Set(spans.map(({ id }) => id));
    for (const span of spans) {
      const local = span.parentId !== undefined && ids.has(span.parentId);
      const ended = readable(span, origin, SCOPE, local);
      for (const processor of this.parts.processors) processor.onEnd(ended);
    }
  }

  /** Whether the span's trace can be found where spans go: an answer names no other. */
  shows(span: Span): boolean {
    const sampled = (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
    return this.parts.exports && sampled && span.isRecording();
  }

  /** The context of a request or message with these headers. Without a caller's trace, a new trace starts in it. */
  extract(headers: Record<string, unknown>): Context {
    if (this.isLeftToAgent) return this.enter(context.active());
    const from = this.parts.agent ? agentContext() : NO_CONTEXT;
    return this.enter(this.propagator.extract(from, headers, headerGetter));
  }

  /** Writes the trace context into outgoing headers, also when nothing is exported or sampled. */
  inject(from: Context, headers: Record<string, string>): void {
    if (!this.isLeftToAgent) this.propagator.inject(from, headers, defaultTextMapSetter);
  }

  /**
   * Runs a call that has a span of ours: no other instrumentation makes one or adds headers. Spans that start in `work` are not recorded
   * either.
   */
  uninstrumented<T>(work: () => T): T {
    if (this.isLeftToAgent) return work();
    return context.with(suppressTracing(context.active()), work);
  }

  /** A tracer for spans of this service that other code makes. */
  tracerOf(scope: Scope): Tracer {
    return this.parts.tracerOf(scope);
  }

  /** `from`, marked as this service's, so that `Tracing.active()` finds it. */
  enter(from: Context): Context {
    return from.setValue(TRACING, this);
  }

  /** The tracing of the service whose request or message is being handled; undefined outside of one. */
  static active(): Tracing | undefined {
    return context.active().getValue(TRACING) as Tracing | undefined; // only set by enter()
  }

  /** Sends the spans and log records that wait. */
  async flush(): Promise<void> {
    await Promise.allSettled(this.pipelines().map((each) => each.forceFlush())); // a dead collector must not fail its caller
  }

  /** Sends the spans and log records that wait and stops. The wait is bounded: a collector that hangs loses its spans. */
  async shutdown(): Promise<void> {
    running.delete(this);
    const pipelines = this.pipelines();
    if (pipelines.length === 0) return;
    const ended = Promise.allSettled(pipelines.map((each) => each.shutdown()));
    const patience = new AbortController();
    const enough = wait(SHUTDOWN_MS, undefined, { signal: patience.signal });
    await Promise.race([ended, enough]);
    patience.abort();
    await enough.catch(() => undefined);
  }

  /** What holds spans and log records before they are sent. */
  protected pipelines(): readonly Pipeline[] {
    const { processors, logs } = this.parts;
    return logs ? [...processors, logs] : processors;
  }

  /** The agent alone makes spans and headers. */
  private get isLeftToAgent(): boolean {
    return this.parts.agent !== undefined && !this.parts.config.joinsAgent;
  }
}

/** Those that were not shut down. */
const running = new Set<Tracing>();

/** Spans of code that knows no service are the service's that handles the request; outside of requests, of a process with one service. */
function ownerOf(from: Context): Tracing | undefined {
  const entered = from.getValue(TRACING) as Tracing | undefined; // only set by enter()
  return entered ?? (running.size === 1 ? [...running][0] : undefined);
}

/** Holds spans, log records or metrics before they are sent. */
export type Pipeline = Pick<SpanProcessor, 'forceFlush' | 'shutdown'>;

/** Longest wait for the last spans; a service has 5 s for its whole shutdown. */
const SHUTDOWN_MS = 1500;
