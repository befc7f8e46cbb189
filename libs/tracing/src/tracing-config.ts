/** The tracing lib's settings, read from OpenTelemetry's and the original shop's variables. */
export interface TracingConfig {
  /** False with OTEL_SDK_DISABLED=true: no spans are made, the context is still passed on. */
  readonly enabled: boolean;
  /** Overrides the service's own name. */
  readonly serviceName: string | undefined;
  readonly resourceAttributes: Readonly<Record<string, string>>;
  /** Full URL of a Zipkin v2 span end point; undefined: not exported there. */
  readonly zipkinUrl: string | undefined;
  /** Full URL of an OTLP/HTTP traces end point; undefined: not exported there. */
  readonly otlpUrl: string | undefined;
  /** Longest time for a batch with all its attempts; that for Zipkin is in `batch`. */
  readonly otlpTimeoutMs: number;
  readonly propagators: readonly PropagatorName[];
  readonly sampler: SamplerConfig;
  /** Whether a SERVER span joins the span of a caller that came in B3, as Sleuth's did by default. */
  readonly joinsSpans: boolean;
  /** Whether spans of ours join the traces of a foreign agent; else the agent alone makes spans and headers. */
  readonly joinsAgent: boolean;
  readonly batch: BatchConfig;
}

export const PROPAGATORS = ['tracecontext', 'baggage', 'b3', 'b3multi', 'none'] as const;
export type PropagatorName = (typeof PROPAGATORS)[number];

const EXPORTERS: readonly string[] = ['otlp', 'zipkin', 'none'];

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

export interface SamplerConfig {
  readonly name: (typeof SAMPLERS)[number];
  /** Share of new traces to keep, 0 to 1; used by the ratio samplers. */
  readonly ratio: number;
}

/** Bounds of the export queue: OpenTelemetry's defaults, except for a delay of 1 s, which shows a trace sooner. */
export interface BatchConfig {
  readonly maxQueueSize: number;
  readonly maxExportBatchSize: number;
  readonly scheduledDelayMillis: number;
  readonly exportTimeoutMillis: number;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads the configuration. Accepts the original's `ZIPKIN` (full URL of a v1 or v2 span end point, or a bare host),
 * `ZIPKIN_HOST`, `ZIPKIN_ENABLED` and the Zipkin toggle inside `JAVA_OPTS`.
 * @throws Error naming the variable that is wrong.
 */
export function tracingConfig(env: Env): TracingConfig {
  const exportTimeoutMillis = integer(env, 'OTEL_BSP_EXPORT_TIMEOUT', 30_000);
  const [otlpTimeout] = firstOf(
    env,
    'OTEL_EXPORTER_OTLP_TRACES_TIMEOUT',
    'OTEL_EXPORTER_OTLP_TIMEOUT',
  );
  return {
    enabled: env['OTEL_SDK_DISABLED']?.toLowerCase() !== 'true',
    serviceName: text(env, 'OTEL_SERVICE_NAME'),
    resourceAttributes: keyValues(env, 'OTEL_RESOURCE_ATTRIBUTES'),
    zipkinUrl: zipkinUrl(env),
    otlpUrl: otlpUrl(env),
    otlpTimeoutMs: integer(env, otlpTimeout, exportTimeoutMillis),
    propagators: propagators(env),
    sampler: sampler(env),
    joinsSpans: joinsSpans(env),
    joinsAgent: text(env, 'TRACING_BESIDE_AGENT')?.toLowerCase() !== 'off',
    batch: {
      maxQueueSize: integer(env, 'OTEL_BSP_MAX_QUEUE_SIZE', 2048),
      maxExportBatchSize: integer(env, 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512),
      scheduledDelayMillis: integer(env, 'OTEL_BSP_SCHEDULE_DELAY', 1000),
      exportTimeoutMillis,
    },
  };
}

function exporters(env: Env): ReadonlySet<string> {
  const names = words(env, 'OTEL_TRACES_EXPORTER', 'otlp,zipkin');
  const unknown = names.find((name) => !EXPORTERS.includes(name));
  if (unknown !== undefined) throw new Error(`OTEL_TRACES_EXPORTER: unknown exporter ${unknown}`);
  return new Set(names);
}

function zipkinUrl(env: Env): string | undefined {
  if (!exporters(env).has('zipkin') || env['ZIPKIN_ENABLED'] === 'false') return undefined;
  if (env['JAVA_OPTS']?.includes('-Dspring.zipkin.enabled=false')) return undefined;
  const [name, place] = firstOf(env, 'OTEL_EXPORTER_ZIPKIN_ENDPOINT', 'ZIPKIN', 'ZIPKIN_HOST');
  if (place === undefined) return undefined;
  const bare = !place.includes('://');
  const whole = bare ? `http://${place}${/:\d+$/.test(place) ? '' : ':9411'}` : place;
  const url = httpUrl(name, whole);
  if (url.pathname === '/' || url.pathname === '/api/v1/spans') url.pathname = '/api/v2/spans';
  return url.href;
}

function otlpUrl(env: Env): string | undefined {
  if (!exporters(env).has('otlp')) return undefined;
  const whole = 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT';
  const [name, place] = firstOf(env, whole, 'OTEL_EXPORTER_OTLP_ENDPOINT');
  if (place === undefined) return undefined;
  const { href } = httpUrl(name, place);
  return name === whole ? href : `${href.replace(/\/$/, '')}/v1/traces`;
}

function propagators(env: Env): PropagatorName[] {
  return words(env, 'OTEL_PROPAGATORS', 'tracecontext,baggage,b3multi').map((word) => {
    const name = PROPAGATORS.find((known) => known === word);
    if (!name) throw new Error(`OTEL_PROPAGATORS: unknown propagator ${word}`);
    return name;
  });
}

/** `ZIPKIN_SUPPORTS_JOIN`, or Sleuth's property in one of Spring's spellings. Anything but `true` means no. */
function joinsSpans(env: Env): boolean {
  const [, given] = firstOf(env, 'ZIPKIN_SUPPORTS_JOIN', 'SPRING_SLEUTH_SUPPORTS_JOIN');
  const property = /-Dspring\.sleuth\.supports-join=(\S+)/.exec(env['JAVA_OPTS'] ?? '')?.[1];
  return (given ?? property)?.toLowerCase() === 'true';
}

function sampler(env: Env): SamplerConfig {
  const given = text(env, 'OTEL_TRACES_SAMPLER') ?? 'parentbased_always_on';
  const name = SAMPLERS.find((known) => known === given);
  if (!name) throw new Error(`OTEL_TRACES_SAMPLER: unknown sampler ${given}`);
  const ratio = Number(text(env, 'OTEL_TRACES_SAMPLER_ARG') ?? '1');
  if (!(ratio >= 0 && ratio <= 1)) throw new Error('OTEL_TRACES_SAMPLER_ARG: not between 0 and 1');
  return { name, ratio };
}

function integer(env: Env, name: string, otherwise: number): number {
  const value = Number(text(env, name) ?? otherwise);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`${name}: not a positive whole number`);
  return value;
}

function httpUrl(name: string, place: string): URL {
  if (!/^https?:\/\//.test(place) || !URL.canParse(place)) {
    throw new Error(`${name}: not an HTTP URL: ${place}`);
  }
  return new URL(place);
}

/** The first of these variables that is set, and its value. */
function firstOf(env: Env, ...names: [string, ...string[]]): [string, string | undefined] {
  const name = names.find((candidate) => text(env, candidate) !== undefined) ?? names[0];
  return [name, text(env, name)];
}

function words(env: Env, name: string, otherwise: string): string[] {
  return (text(env, name) ?? otherwise).split(',').map((word) => word.trim());
}

/** An empty variable counts as absent, as OpenTelemetry's specification says. */
function text(env: Env, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

function keyValues(env: Env, name: string): Record<string, string> {
  const pairs = (env[name] ?? '').split(',').filter((pair) => pair.includes('='));
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at).trim(), percentDecoded(name, pair.slice(at + 1).trim())];
    }),
  );
}

function percentDecoded(name: string, value: string): string {
  try {
    return decodeURIComponent(value);
  } catch (cause) {
    throw new Error(`${name}: not percent-encoded: ${value}`, { cause });
  }
}
