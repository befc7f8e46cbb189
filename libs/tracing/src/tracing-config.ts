import { type Env, Environment, type SettingWarning } from './environment.ts';
import {
  type BatchConfig,
  batchConfig,
  otlpConfig,
  type OtlpConfig,
  type Signal,
} from './otlp-config.ts';
import { joinsSpans, sleuthShare, zipkinUrl } from './zipkin-config.ts';

/** The lib's settings, read from OpenTelemetry's and the original shop's variables. docs/tracing-settings.md lists them. */
export interface TracingConfig {
  /** False with OTEL_SDK_DISABLED=true: no spans are made, the context is still passed on. */
  readonly enabled: boolean;
  /** Overrides the service's own name. */
  readonly serviceName: string | undefined;
  /** What an application says about all its services, such as its namespace and version. Not read from a variable. */
  readonly resourceDefaults: Readonly<Record<string, string>>;
  readonly resourceAttributes: Readonly<Record<string, string>>;
  readonly resourceDetectors: readonly ResourceDetectorName[];
  /** Attributes of the pod, from the variables by which Kubernetes tells a container about it. */
  readonly kubernetes: Readonly<Record<string, string>>;
  /** Full URL of a Zipkin v2 span end point; undefined: not exported there. */
  readonly zipkinUrl: string | undefined;
  /** Longest time for a batch with all its attempts. */
  readonly zipkinTimeoutMs: number;
  readonly traces: SignalConfig;
  readonly metrics: SignalConfig & MetricsConfig;
  readonly logs: SignalConfig & { readonly batch: BatchConfig };
  readonly propagators: readonly PropagatorName[];
  readonly sampler: SamplerConfig;
  /** Whether a SERVER span joins the span of a caller that came in B3, as Sleuth's did by default. */
  readonly joinsSpans: boolean;
  /** Whether spans of ours join the traces of a foreign agent; else the agent alone makes spans and headers. */
  readonly joinsAgent: boolean;
  /** Whether the span of a message is a child of the one that sent it, or the root of a new trace that is linked to it. */
  readonly consumerTrace: ConsumerTrace;
  /** Entries of the baggage that SERVER and CONSUMER spans show. */
  readonly baggageTags: readonly string[];
  /** Entries of the baggage that log lines show. */
  readonly baggageLogFields: readonly string[];
  readonly batch: BatchConfig;
  readonly limits: SpanLimits;
  /** Whether SERVER spans name their handler also as Spring Sleuth did: `mvc.controller.class` and `mvc.controller.method`. */
  readonly mvcTags: boolean;
  /** Whether an exception is an event of its span, a log record with the span's ids, or both. */
  readonly exceptions: ExceptionSignal;
  /** What the OpenTelemetry packages say about themselves, from this level on; undefined: nothing. */
  readonly diagnostics: LogLevel | undefined;
  /** What was not understood; logged when the service starts. */
  readonly warnings: readonly SettingWarning[];
}

/** Where a signal goes besides Zipkin, `/metrics` and the JSON log. */
export interface SignalConfig {
  readonly otlp: OtlpConfig | undefined;
  /** Also to the standard output. */
  readonly console: boolean;
}

export interface MetricsConfig {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Which measurements may be examples of their bucket: those of sampled traces, all, or none. */
  readonly exemplars: (typeof EXEMPLAR_FILTERS)[number];
}

/** The specification's limits of a span. */
export interface SpanLimits {
  readonly attributes: number;
  readonly events: number;
  readonly links: number;
  readonly eventAttributes: number;
  readonly linkAttributes: number;
  /** Characters of a text; longer ones are cut. */
  readonly valueLength: number;
}

export interface SamplerConfig {
  readonly name: (typeof SAMPLERS)[number];
  /** Share of new traces to keep, 0 to 1; used by the ratio samplers. */
  readonly ratio: number;
}

export const PROPAGATORS = ['tracecontext', 'baggage', 'b3', 'b3multi', 'none'] as const;
export type PropagatorName = (typeof PROPAGATORS)[number];

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

const CONSUMER_TRACES = ['parent', 'links'] as const;
/** Whether a consumer's span continues the trace of its message or begins one that is linked to it. */
export type ConsumerTrace = (typeof CONSUMER_TRACES)[number];

const EXEMPLAR_FILTERS = ['trace_based', 'always_on', 'always_off'] as const;

/** `events` is ours, for what applies without the variable. */
const EXCEPTION_SIGNALS = ['events', 'logs', 'logs/dup'] as const;
export type ExceptionSignal = (typeof EXCEPTION_SIGNALS)[number];

const LOG_LEVELS = ['none', 'error', 'warn', 'info', 'debug', 'verbose', 'all'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const RESOURCE_DETECTORS = [
  'container',
  'env',
  'host',
  'k8s',
  'os',
  'process',
  'serviceinstance',
] as const;
export type ResourceDetectorName = (typeof RESOURCE_DETECTORS)[number];

/** `console` under its name and its older one. */
const CONSOLE = ['console', 'logging'] as const;
const EXPORTERS = {
  traces: ['otlp', 'zipkin', 'none', ...CONSOLE],
  metrics: ['otlp', 'prometheus', 'none', ...CONSOLE],
  logs: ['otlp', 'none', ...CONSOLE],
} as const;

/**
 * Reads the settings. What is not understood is ignored and named in `warnings`, as the specification has it: nothing throws.
 */
export function tracingConfig(variables: Env): TracingConfig {
  const env = new Environment(variables);
  warnOfUnused(env);
  const enabled = !env.boolean('OTEL_SDK_DISABLED');
  const traces = exportersOf(env, 'traces');
  const batch = batchConfig(env, 'BSP');
  const resourceAttributes = env.pairs('OTEL_RESOURCE_ATTRIBUTES') ?? {};
  const zipkin = zipkinUrl(env, traces.named.has('zipkin'));
  return {
    enabled,
    serviceName: env.text('OTEL_SERVICE_NAME') ?? resourceAttributes['service.name'],
    resourceDefaults: {},
    resourceAttributes,
    resourceDetectors: detectors(env),
    kubernetes: kubernetes(env),
    zipkinUrl: traces.allowed('zipkin') ? zipkin : undefined,
    zipkinTimeoutMs: env.timeout('OTEL_EXPORTER_ZIPKIN_TIMEOUT', batch.exportTimeoutMillis),
    traces: signalConfig(env, 'traces', traces, batch.exportTimeoutMillis),
    metrics: metricsConfig(env),
    logs: logsConfig(env),
    propagators: propagators(env),
    sampler: sampler(env),
    joinsSpans: joinsSpans(env),
    joinsAgent: env.choice('TRACING_BESIDE_AGENT', ['join', 'off'], 'join') === 'join',
    consumerTrace: env.choice('CONSUMER_TRACE', CONSUMER_TRACES, 'parent'),
    baggageTags: env.names('BAGGAGE_TAG_FIELDS') ??
      env.names('SPRING_SLEUTH_BAGGAGE_TAG_FIELDS') ?? ['user-name', 'session.id'],
    baggageLogFields: env.names('BAGGAGE_LOG_FIELDS') ??
      env.names('SPRING_SLEUTH_BAGGAGE_CORRELATION_FIELDS') ?? ['user-name'],
    batch,
    limits: limits(env),
    mvcTags: env.boolean('TRACING_MVC_TAGS'),
    exceptions: env.choice('OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN', EXCEPTION_SIGNALS, 'events'),
    diagnostics: diagnostics(env),
    warnings: env.warnings,
  };
}

/**
 * `config` for several services of one process: each keeps its own name. One name for all of them would make eight services one, on the map
 * and in every figure.
 */
export function forSeveralServices(config: TracingConfig): TracingConfig {
  if (config.serviceName === undefined) return config;
  const { 'service.name': _name, ...resourceAttributes } = config.resourceAttributes;
  const problem = `${config.serviceName} would name every service of this process: ignored`;
  const warnings = [...config.warnings, { variable: 'OTEL_SERVICE_NAME', problem }];
  return { ...config, serviceName: undefined, resourceAttributes, warnings };
}

interface Exporters {
  /** Those that the variable names. */
  readonly named: ReadonlySet<string>;
  /** Whether the signal may go there. Where the variable names none: where an address is given. */
  allowed(exporter: string): boolean;
}

function exportersOf(env: Environment, signal: Signal): Exporters {
  const variable = `OTEL_${signal.toUpperCase()}_EXPORTER`;
  const names = env.choices<string>(variable, EXPORTERS[signal]);
  const none = names?.includes('none') === true;
  if (none && names.length > 1) env.warn(variable, 'none beside others: none is exported');
  const named = new Set(none ? [] : (names ?? []));
  const unset = names === undefined && signal === 'traces';
  return { named, allowed: (exporter) => unset || named.has(exporter) };
}

function signalConfig(
  env: Environment,
  signal: Signal,
  exporters: Exporters,
  timeoutMs: number,
): SignalConfig {
  const otlp = otlpConfig(env, signal, exporters.named.has('otlp'), timeoutMs);
  return {
    otlp: exporters.allowed('otlp') ? otlp : undefined,
    console: CONSOLE.some((name) => exporters.named.has(name)),
  };
}

function metricsConfig(env: Environment): TracingConfig['metrics'] {
  const intervalMs = env.whole('OTEL_METRIC_EXPORT_INTERVAL', 60_000, 1);
  const timeoutMs = env.timeout('OTEL_METRIC_EXPORT_TIMEOUT', 30_000);
  return {
    ...signalConfig(env, 'metrics', exportersOf(env, 'metrics'), timeoutMs),
    intervalMs,
    timeoutMs,
    exemplars: env.choice('OTEL_METRICS_EXEMPLAR_FILTER', EXEMPLAR_FILTERS, 'trace_based'),
  };
}

function logsConfig(env: Environment): TracingConfig['logs'] {
  const batch = batchConfig(env, 'BLRP');
  const signal = signalConfig(env, 'logs', exportersOf(env, 'logs'), batch.exportTimeoutMillis);
  return { ...signal, batch };
}

function detectors(env: Environment): ResourceDetectorName[] {
  const known = [...RESOURCE_DETECTORS, 'all', 'none'] as const;
  const names = env.choices('OTEL_NODE_RESOURCE_DETECTORS', known) ?? ['all'];
  if (names.includes('none')) return [];
  return RESOURCE_DETECTORS.filter((name) => names.includes('all') || names.includes(name));
}

/** By the attribute: the variables of Kubernetes' downward API, in the usual spellings. */
const KUBERNETES = {
  'k8s.cluster.name': ['K8S_CLUSTER_NAME'],
  'k8s.namespace.name': ['K8S_NAMESPACE_NAME', 'POD_NAMESPACE'],
  'k8s.node.name': ['K8S_NODE_NAME', 'NODE_NAME'],
  'k8s.deployment.name': ['K8S_DEPLOYMENT_NAME'],
  'k8s.pod.name': ['K8S_POD_NAME', 'POD_NAME'],
  'k8s.pod.uid': ['K8S_POD_UID', 'POD_UID'],
  'k8s.container.name': ['K8S_CONTAINER_NAME'],
} as const;

function kubernetes(env: Environment): Record<string, string> {
  const found = Object.entries(KUBERNETES).map(([attribute, variables]) => {
    const values = variables.map((variable) => env.text(variable));
    return [attribute, values.find((value) => value !== undefined)];
  });
  return Object.fromEntries(found.filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >; // those that are defined
}

function propagators(env: Environment): readonly PropagatorName[] {
  const names = env.choices('OTEL_PROPAGATORS', PROPAGATORS);
  return names ?? ['tracecontext', 'baggage', 'b3multi'];
}

/** OpenTelemetry's setting, else Spring Sleuth's. */
function sampler(env: Environment): SamplerConfig {
  const share = sleuthShare(env);
  const ratio = env.share('OTEL_TRACES_SAMPLER_ARG') ?? 1;
  const name = env.choice('OTEL_TRACES_SAMPLER', SAMPLERS, 'parentbased_always_on');
  const unset = env.text('OTEL_TRACES_SAMPLER') === undefined;
  return unset && share !== undefined
    ? { name: 'parentbased_traceidratio', ratio: share }
    : { name, ratio };
}

function limits(env: Environment): SpanLimits {
  const attributes = env.whole('OTEL_ATTRIBUTE_COUNT_LIMIT', 128);
  const length = env.whole('OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT', Infinity);
  return {
    attributes: env.whole('OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', attributes),
    events: env.whole('OTEL_SPAN_EVENT_COUNT_LIMIT', 128),
    links: env.whole('OTEL_SPAN_LINK_COUNT_LIMIT', 128),
    eventAttributes: env.whole('OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT', attributes),
    linkAttributes: env.whole('OTEL_LINK_ATTRIBUTE_COUNT_LIMIT', attributes),
    valueLength: env.whole('OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT', length),
  };
}

function diagnostics(env: Environment): LogLevel | undefined {
  const level = env.choice('OTEL_LOG_LEVEL', LOG_LEVELS, 'none');
  return level === 'none' ? undefined : level;
}

/** Standard variables that have no effect here, with the reason. */
const UNUSED = {
  OTEL_CONFIG_FILE: 'files of settings are not read: the variables count',
  OTEL_EXPORTER_PROMETHEUS_HOST: 'a service serves /metrics on its own address',
  OTEL_EXPORTER_PROMETHEUS_PORT: 'a service serves /metrics on its own port',
  OTEL_SEMCONV_STABILITY_OPT_IN: 'the stable names are always used, and only they',
} as const;

function warnOfUnused(env: Environment): void {
  for (const [variable, reason] of Object.entries(UNUSED)) {
    if (env.text(variable) !== undefined) env.warn(variable, `ignored: ${reason}`);
  }
  const temporality = 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE';
  env.choice(temporality, ['cumulative'], 'cumulative');
  const histogram = 'explicit_bucket_histogram';
  env.choice('OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION', [histogram], histogram);
}
