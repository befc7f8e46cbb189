import type { Logger } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { countedQueue, type Counting, GRACE_MS } from './counted-exporter.ts';
import type { OtlpConfig } from './otlp-config.ts';
import { COMPONENTS, logExporter, type OtlpExporter } from './otlp-exporter.ts';
import { SCOPE } from './scope.ts';
import type { TracingConfig } from './tracing-config.ts';

/** A service's log records on their way out. */
export interface LogRecords {
  readonly logger: Logger;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Sends log records where `config` says; undefined: nowhere. The SDK for them is loaded on demand. */
export async function logRecords(
  config: TracingConfig,
  resource: Resource,
  counting: Pick<Counting, 'countExported' | 'log'>,
): Promise<LogRecords | undefined> {
  const { otlp, console: printed, batch } = config.logs;
  if (!config.enabled || (otlp === undefined && !printed)) return undefined;
  const sdk = await import('@opentelemetry/sdk-logs');
  const processors: LogRecordProcessor[] = [];
  let lastAttempts = (): void => undefined;
  if (otlp) {
    const exporter = await logExporter(otlp);
    lastAttempts = () => {
      exporter.lastAttempts();
    };
    processors.push(batched(sdk, exporter, otlp, batch, counting));
  }
  if (printed) {
    const exporter = new sdk.ConsoleLogRecordExporter();
    processors.push(new sdk.SimpleLogRecordProcessor({ exporter }));
  }
  const provider = new sdk.LoggerProvider({ resource, processors });
  const { name, version, schemaUrl } = SCOPE;
  return {
    logger: provider.getLogger(name, version, { schemaUrl }),
    forceFlush: () => provider.forceFlush(),
    shutdown: () => {
      lastAttempts();
      return provider.shutdown();
    },
  };
}

/** Batches for `exporter`, with what it sends and loses counted. */
function batched(
  sdk: typeof import('@opentelemetry/sdk-logs'),
  exporter: OtlpExporter<ReadableLogRecord[]>,
  { protocol, timeoutMs }: OtlpConfig,
  batch: TracingConfig['batch'],
  { countExported, log }: Pick<Counting, 'countExported' | 'log'>,
): LogRecordProcessor {
  const counting = { component: COMPONENTS[protocol], signal: 'logs', countExported, log } as const;
  const queue = countedQueue<ReadableLogRecord>(exporter, counting, batch.maxQueueSize);
  const exportTimeoutMillis = timeoutMs + GRACE_MS;
  const processor = new sdk.BatchLogRecordProcessor({
    ...batch,
    exportTimeoutMillis,
    exporter: queue.exporter,
  });
  return {
    onEmit(record) {
      queue.admit();
      processor.onEmit(record);
    },
    forceFlush: () => processor.forceFlush(),
    shutdown: () => processor.shutdown(),
  };
}
