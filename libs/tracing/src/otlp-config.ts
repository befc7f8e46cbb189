import { type Environment, NO_LIMIT_MS } from './environment.ts';

export const SIGNALS = ['traces', 'metrics', 'logs'] as const;
export type Signal = (typeof SIGNALS)[number];

const PROTOCOLS = ['grpc', 'http/protobuf', 'http/json'] as const;
export type OtlpProtocol = (typeof PROTOCOLS)[number];

/** How one signal is sent by OTLP. */
export interface OtlpConfig {
  readonly protocol: OtlpProtocol;
  /** Full URL of the end point; with gRPC its path does not count. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly gzip: boolean;
  /** Longest time for a batch with all its attempts. */
  readonly timeoutMs: number;
  /** PEM texts: what the server's certificate must follow from, and the client's own pair. */
  readonly tls: { readonly ca?: Buffer; readonly key?: Buffer; readonly cert?: Buffer };
}

const DEFAULT_PORTS = { grpc: 4317, 'http/protobuf': 4318, 'http/json': 4318 } as const;

/**
 * The OTLP settings of a signal: its own variable, such as `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, else the one of all signals.
 * Undefined without an end point, unless the signal `wants` OTLP by name: then the specification's local one is meant.
 */
export function otlpConfig(
  env: Environment,
  signal: Signal,
  wants: boolean,
  timeoutMs: number,
): OtlpConfig | undefined {
  const own = (name: string): string => `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${name}`;
  const of = (name: string): string => env.firstOf(own(name), `OTEL_EXPORTER_OTLP_${name}`);
  const protocol = env.choice(of('PROTOCOL'), PROTOCOLS, 'http/protobuf');
  const insecure = env.boolean(of('INSECURE'));
  const scheme = (place: string): string =>
    protocol === 'grpc' && !place.includes('://')
      ? `${insecure ? 'http' : 'https'}://${place}`
      : place;
  const variable = of('ENDPOINT');
  const given = env.url(variable, scheme);
  const whole = variable === own('ENDPOINT') || protocol === 'grpc';
  const ca = env.file(of('CERTIFICATE'));
  const key = env.file(of('CLIENT_KEY'));
  const cert = env.file(of('CLIENT_CERTIFICATE'));
  if ((key === undefined) !== (cert === undefined)) {
    env.warn(of(key ? 'CLIENT_KEY' : 'CLIENT_CERTIFICATE'), 'a client needs both: it is not used');
  }
  const config = {
    protocol,
    headers: env.pairs(of('HEADERS')) ?? {},
    gzip: env.choice(of('COMPRESSION'), ['none', 'gzip'], 'none') === 'gzip',
    timeoutMs: env.timeout(of('TIMEOUT'), timeoutMs),
    tls: { ...(ca && { ca }), ...(key && cert && { key, cert }) },
  };
  if (given === undefined && !wants) return undefined;
  const base = given?.href ?? `http://localhost:${DEFAULT_PORTS[protocol]}/`;
  const url = whole && given ? base : `${base.replace(/\/$/, '')}/v1/${signal}`;
  return { ...config, url: protocol === 'grpc' ? new URL(base).origin : url };
}

/** The settings of a batch processor, `BSP` for spans and `BLRP` for log records. */
export interface BatchConfig {
  readonly maxQueueSize: number;
  readonly maxExportBatchSize: number;
  readonly scheduledDelayMillis: number;
  readonly exportTimeoutMillis: number;
}

/** OpenTelemetry's defaults, except for a delay of 1 s, which shows a trace sooner. */
export function batchConfig(env: Environment, kind: 'BSP' | 'BLRP'): BatchConfig {
  const maxQueueSize = env.whole(`OTEL_${kind}_MAX_QUEUE_SIZE`, 2048, 1);
  const size = `OTEL_${kind}_MAX_EXPORT_BATCH_SIZE`;
  const maxExportBatchSize = env.whole(size, Math.min(512, maxQueueSize), 1);
  if (maxExportBatchSize > maxQueueSize) env.warn(size, `more than the queue: ${maxQueueSize}`);
  return {
    maxQueueSize,
    maxExportBatchSize: Math.min(maxExportBatchSize, maxQueueSize),
    scheduledDelayMillis: env.whole(`OTEL_${kind}_SCHEDULE_DELAY`, 1000),
    exportTimeoutMillis: Math.min(NO_LIMIT_MS, env.timeout(`OTEL_${kind}_EXPORT_TIMEOUT`, 30_000)),
  };
}
