/** What the tracing lib needs to know, read from OpenTelemetry's and the original shop's variables. */
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
  readonly propagators: readonly PropagatorName[];
  readonly sampler: SamplerConfig;
  readonly batch: BatchConfig;
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

export interface SamplerConfig {
  readonly name: (typeof SAMPLERS)[number];
  /** Share of new traces to keep, 0 to 1; used by the ratio samplers. */
  readonly ratio: number;
}

/** Bounds of the export queue: OpenTelemetry's defaults but for the delay, 1 s, so that a trace can be seen soon. */
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
  return {
    enabled: env['OTEL_SDK_DISABLED']?.toLowerCase() !== 'true',
    serviceName: env['OTEL_SERVICE_NAME'] ?? undefined,
    resourceAttributes: keyValues(env['OTEL_RESOURCE_ATTRIBUTES']),
    zipkinUrl: zipkinUrl(env),
    otlpUrl: otlpUrl(env),
    propagators: propagators(env),
    sampler: sampler(env),
    batch: {
      maxQueueSize: integer(env, 'OTEL_BSP_MAX_QUEUE_SIZE', 2048),
      maxExportBatchSize: integer(env, 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512),
      scheduledDelayMillis: integer(env, 'OTEL_BSP_SCHEDULE_DELAY', 1000),
      exportTimeoutMillis: integer(env, 'OTEL_BSP_EXPORT_TIMEOUT', 10_000),
    },
  };
}

function exporters(env: Env): Set<string> {
  const named = env['OTEL_TRACES_EXPORTER'];
  return new Set(named ? named.split(',').map((name) => name.trim()) : ['otlp', 'zipkin']);
}

function zipkinUrl(env: Env): string | undefined {
  if (!exporters(env).has('zipkin') || env['ZIPKIN_ENABLED'] === 'false') return undefined;
  if (env['JAVA_OPTS']?.includes('-Dspring.zipkin.enabled=false')) return undefined;
  const place =
    nonEmpty(env['OTEL_EXPORTER_ZIPKIN_ENDPOINT']) ??
    nonEmpty(env['ZIPKIN']) ??
    nonEmpty(env['ZIPKIN_HOST']);
  if (place === undefined) return undefined;
  const text = /^https?:\/\//.test(place)
    ? place
    : `http://${place}${/:\d+$/.test(place) ? '' : ':9411'}`;
  if (!URL.canParse(text)) throw new Error(`ZIPKIN: not a URL or host name: ${place}`);
  const url = new URL(text);
  if (url.pathname === '/' || url.pathname === '/api/v1/spans') url.pathname = '/api/v2/spans';
  return url.href;
}

function otlpUrl(env: Env): string | undefined {
  if (!exporters(env).has('otlp')) return undefined;
  const own = nonEmpty(env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']);
  const base = nonEmpty(env['OTEL_EXPORTER_OTLP_ENDPOINT']);
  const url = own ?? (base === undefined ? undefined : `${base.replace(/\/$/, '')}/v1/traces`);
  if (url !== undefined && !URL.canParse(url)) {
    throw new Error(`OTEL_EXPORTER_OTLP_ENDPOINT: not a URL: ${url}`);
  }
  return url;
}

function propagators(env: Env): PropagatorName[] {
  const names = (env['OTEL_PROPAGATORS'] ?? 'tracecontext,baggage,b3multi').split(',');
  return names.map((raw) => {
    const name = PROPAGATORS.find((known) => known === raw.trim());
    if (!name) throw new Error(`OTEL_PROPAGATORS: unknown propagator ${raw.trim()}`);
    return name;
  });
}

function sampler(env: Env): SamplerConfig {
  const raw = env['OTEL_TRACES_SAMPLER'] ?? 'parentbased_always_on';
  const name = SAMPLERS.find((known) => known === raw);
  if (!name) throw new Error(`OTEL_TRACES_SAMPLER: unknown sampler ${raw}`);
  const ratio = Number(env['OTEL_TRACES_SAMPLER_ARG'] ?? '1');
  if (!(ratio >= 0 && ratio <= 1)) throw new Error('OTEL_TRACES_SAMPLER_ARG: not between 0 and 1');
  return { name, ratio };
}

function integer(env: Env, name: string, otherwise: number): number {
  const value = Number(env[name] ?? otherwise);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`${name}: not a positive whole number`);
  return value;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text?.trim() === '' ? undefined : text?.trim();
}

function keyValues(text: string | undefined): Record<string, string> {
  const pairs = (text ?? '').split(',').filter((pair) => pair.includes('='));
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())];
    }),
  );
}
