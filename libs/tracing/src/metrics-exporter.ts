import { countedExporter, type Counting, type Exporter } from './counted-exporter.ts';
import { ExportLosses } from './export-losses.ts';
import type { OtlpConfig } from './otlp-config.ts';
import { COMPONENTS, OtlpExporter } from './otlp-exporter.ts';

/** Sends batches of metrics, of whatever form. */
export interface MetricsExporter<T> extends Required<Exporter<T>> {
  /** The service ends: from now on a batch has one attempt. */
  lastAttempts(): void;
}

/** How a batch is written for a protocol, and how many data points it has. */
export interface MetricsEncoder<T> {
  readonly encode: (batch: T, json: boolean) => Uint8Array;
  readonly size: (batch: T) => number;
}

/** Sends metrics by OTLP, and counts and logs what is lost. */
export async function metricsExporter<T>(
  config: OtlpConfig,
  { encode, size }: MetricsEncoder<T>,
  { countExported, log }: Pick<Counting, 'countExported' | 'log'>,
): Promise<MetricsExporter<T>> {
  const { JsonMetricsSerializer, ProtobufMetricsSerializer } =
    await import('@opentelemetry/otlp-transformer');
  const json = config.protocol === 'http/json';
  const stock = json ? JsonMetricsSerializer : ProtobufMetricsSerializer;
  const exporter = new OtlpExporter<T>('metrics', config, {
    serializeRequest: (batch) => encode(batch, json),
    deserializeResponse: (bytes) => stock.deserializeResponse(bytes),
  });
  const counting = {
    component: COMPONENTS[config.protocol],
    signal: 'metrics',
    countExported,
    log,
  } as const;
  const losses = new ExportLosses(counting.component, log, 'metrics');
  return {
    ...countedExporter(exporter, counting, losses, size),
    lastAttempts: () => {
      exporter.lastAttempts();
    },
  };
}
