import type { Context } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import {
  BatchSpanProcessor,
  type Span,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import { b3Decision } from './b3.ts';
import { type EventLog, SpanLosses } from './span-losses.ts';
import type { TracingConfig } from './tracing-config.ts';
import { type LocalAddress, toZipkin } from './zipkin-encoder.ts';
import { ZipkinExporter } from './zipkin-exporter.ts';

/**
 * Called with spans that an exporter sent, or with `errorType` for spans that are lost: `queue_full` when spans end faster than
 * they are sent, `export_failed` when a batch failed. Without it a hole in a trace looks like a service that did nothing.
 */
export type CountExported = (
  component: string,
  spans: number,
  errorType: 'queue_full' | 'export_failed' | undefined,
) => void;

/** The processors that bring ended spans to the exporters of `config`; `address` is read when a span is encoded. */
export async function spanProcessors(
  serviceName: string,
  config: TracingConfig,
  address: LocalAddress,
  countExported: CountExported = () => undefined,
  log: EventLog = NO_LOG,
): Promise<SpanProcessor[]> {
  const processors: SpanProcessor[] = [];
  if (config.zipkinUrl) {
    const debug = new DebugMarks();
    const zipkin = new ZipkinExporter(
      config.zipkinUrl,
      config.batch.exportTimeoutMillis,
      (span) => {
        const own = span.resource.attributes['service.name'] === serviceName;
        return toZipkin(span, own ? address : {}, debug.has(span));
      },
    );
    processors.push(debug, batch(zipkin, 'zipkin', config.batch, countExported, log));
  }
  if (config.otlpUrl) {
    // Loaded on demand: the embedded way has no memory to spare for it.
    const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto');
    const { otlpUrl: url, otlpTimeoutMs: timeoutMillis } = config;
    const otlp = new OTLPTraceExporter({ url, timeoutMillis }); // it sends again as the Zipkin exporter does
    const limits = { ...config.batch, exportTimeoutMillis: timeoutMillis };
    processors.push(batch(otlp, 'otlp_http', limits, countExported, log));
  }
  return processors;
}

/** An exporter keeps to its own time limit: the processor, which would send the next batch beside a late one, waits longer. */
const GRACE_MS = 1000;

const NO_LOG: EventLog = { log: () => undefined, warn: () => undefined };

/** Batches spans for `exporter` and counts what it sends and loses. */
function batch(
  exporter: SpanExporter & { lastAttempts?: () => void },
  component: string,
  limits: TracingConfig['batch'],
  countExported: CountExported,
  log: EventLog,
): SpanProcessor {
  let waiting = 0; // as many as the processor's own queue holds
  const losses = new SpanLosses(component, log);
  const processor = new BatchSpanProcessor({
    ...limits,
    exportTimeoutMillis: limits.exportTimeoutMillis + GRACE_MS,
    exporter: {
      export(spans, done) {
        waiting -= spans.length;
        exporter.export(spans, (result: ExportResult) => {
          const lost = result.code === ExportResultCode.SUCCESS ? undefined : 'export_failed';
          countExported(component, spans.length, lost);
          if (lost) losses.drop(spans.length, result.error?.message ?? lost);
          else if (waiting <= limits.maxQueueSize / 2) losses.recover();
          // A failure is counted, not passed on: the SDK would print a stack every second.
          done({ code: ExportResultCode.SUCCESS });
        });
      },
      forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
      shutdown: async () => {
        await exporter.shutdown();
        losses.report();
      },
    },
  });
  return {
    onStart: (span, parent) => {
      processor.onStart(span, parent);
    },
    onEnd(span) {
      if (waiting >= limits.maxQueueSize) {
        countExported(component, 1, 'queue_full');
        losses.drop(1, 'queue_full');
      } else waiting += 1;
      processor.onEnd(span);
    },
    forceFlush: () => processor.forceFlush(),
    shutdown: () => {
      exporter.lastAttempts?.();
      return processor.shutdown();
    },
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
    // nothing to do: the encoder calls has()
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}
