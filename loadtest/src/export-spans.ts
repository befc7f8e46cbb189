import { CommandError } from '@sockshop/cli';
import type { VisitSpans } from './visit-spans.ts';

/** Without any of them and without `--zipkin` nothing of OpenTelemetry is loaded. */
const VARIABLES = [
  'ZIPKIN',
  'ZIPKIN_HOST',
  'OTEL_EXPORTER_ZIPKIN_ENDPOINT',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
];

interface Exporting {
  readonly spans: VisitSpans;
  /** Sends the last ones. */
  readonly end: () => Promise<void>;
}

/** Spans of visits, where anything says where they go. @throws CommandError where an address is wrong */
export async function exportSpans(
  shop: URL,
  zipkin: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<Exporting | undefined> {
  if (zipkin === undefined && !VARIABLES.some((name) => env[name])) return undefined;

  const [{ Tracing, tracingConfig, VERSION }, { LOAD_GENERATOR, VisitSpans }] = await Promise.all([
    import('@sockshop/tracing'),
    import('./visit-spans.ts'),
  ]);
  const given = zipkin === undefined ? env : { ...env, OTEL_EXPORTER_ZIPKIN_ENDPOINT: zipkin };
  const config = tracingConfig(given);
  const [wrong] = config.warnings;
  if (wrong) throw new CommandError(`${wrong.variable}: ${wrong.problem}`);
  if (!config.enabled || (config.zipkinUrl ?? config.traces.otlp) === undefined) return undefined;
  const resourceDefaults = { 'service.namespace': 'sock-shop', 'service.version': VERSION };
  const tracing = await Tracing.start(LOAD_GENERATOR, { ...config, resourceDefaults });
  return { spans: new VisitSpans(tracing, shop), end: () => tracing.shutdown() };
}
