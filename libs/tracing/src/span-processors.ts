import type { Context } from '@opentelemetry/api';
import {
  BatchSpanProcessor,
  ConsoleSpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type Span,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import { b3Decision } from './b3.ts';
import { type CountExported, countedExporter } from './counted-exporter.ts';
import { type EventLog, ExportLosses } from './export-losses.ts';
import { COMPONENTS, OtlpExporter } from './otlp-exporter.ts';
import type { TracingConfig } from './tracing-config.ts';
import { type LocalAddress, toZipkin } from './zipkin-encoder.ts';
import { ZipkinExporter } from './zipkin-exporter.ts';

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
    const zipkin = new ZipkinExporter(config.zipkinUrl, config.zipkinTimeoutMs, (span) => {
      const own = span.resource.attributes['service.name'] === serviceName;
      return toZipkin(span, own ? address : {}, debug.has(span));
    });
    const limits = { ...config.batch, exportTimeoutMillis: config.zipkinTimeoutMs };
    processors.push(debug, batch(zipkin, 'zipkin', limits, countExported, log));
  }
  const { otlp, console: printed } = config.traces;
  if (otlp) {
    const exporter = await OtlpExporter.start('traces', otlp);
    const limits = { ...config.batch, exportTimeoutMillis: otlp.timeoutMs };
    processors.push(batch(exporter, COMPONENTS[otlp.protocol], limits, countExported, log));
  }
  if (printed) {
    processors.push(new SimpleSpanProcessor({ exporter: new ConsoleSpanExporter() }));
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
  const losses = new ExportLosses(component, log);
  const counted = countedExporter<ReadableSpan[]>(exporter, {
    losses,
    count: (spans, errorType) => {
      countExported(component, spans, errorType, 'traces');
    },
    isCalm: () => waiting <= limits.maxQueueSize / 2,
  });
  const processor = new BatchSpanProcessor({
    ...limits,
    exportTimeoutMillis: limits.exportTimeoutMillis + GRACE_MS,
    exporter: {
      ...counted,
      export(spans, done) {
        waiting -= spans.length;
        counted.export(spans, done);
      },
    },
  });
  return {
    onStart: (span, parent) => {
      processor.onStart(span, parent);
    },
    onEnd(span) {
      if (waiting >= limits.maxQueueSize) {
        countExported(component, 1, 'queue_full', 'traces');
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
