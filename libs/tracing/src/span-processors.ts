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
import { countedQueue, type Counting, GRACE_MS } from './counted-exporter.ts';
import { COMPONENTS, spanExporter } from './otlp-exporter.ts';
import type { TracingConfig } from './tracing-config.ts';
import { type LocalAddress, toZipkin } from './zipkin-encoder.ts';
import { ZipkinExporter } from './zipkin-exporter.ts';

/** The processors that bring ended spans to the exporters of `config`; `address` is read when a span is encoded. */
export async function spanProcessors(
  serviceName: string,
  config: TracingConfig,
  address: LocalAddress,
  counting: Pick<Counting, 'countExported' | 'log'>,
): Promise<SpanProcessor[]> {
  const processors: SpanProcessor[] = [];
  if (config.zipkinUrl) {
    const debug = new DebugMarks();
    const zipkin = new ZipkinExporter({
      url: config.zipkinUrl,
      timeoutMs: config.zipkinTimeoutMs,
      encode: (span) => {
        const own = span.resource.attributes['service.name'] === serviceName;
        return toZipkin(span, own ? address : {}, debug.has(span));
      },
    });
    const limits = { ...config.batch, exportTimeoutMillis: config.zipkinTimeoutMs };
    processors.push(debug, batch(zipkin, 'zipkin', limits, counting));
  }
  const { otlp, console: printed } = config.traces;
  if (otlp) {
    const exporter = await spanExporter(otlp);
    const limits = { ...config.batch, exportTimeoutMillis: otlp.timeoutMs };
    processors.push(batch(exporter, COMPONENTS[otlp.protocol], limits, counting));
  }
  if (printed) {
    processors.push(new SimpleSpanProcessor({ exporter: new ConsoleSpanExporter() }));
  }
  return processors;
}

/** Batches spans for `exporter` and counts what it sends and loses. */
function batch(
  exporter: SpanExporter & { lastAttempts: () => void },
  component: string,
  limits: TracingConfig['batch'],
  { countExported, log }: Pick<Counting, 'countExported' | 'log'>,
): SpanProcessor {
  const counting = { component, signal: 'traces', countExported, log } as const;
  const queue = countedQueue<ReadableSpan>(exporter, counting, limits.maxQueueSize);
  const exportTimeoutMillis = limits.exportTimeoutMillis + GRACE_MS;
  const processor = new BatchSpanProcessor({
    ...limits,
    exportTimeoutMillis,
    exporter: queue.exporter,
  });
  return {
    onStart: (span, parent) => {
      processor.onStart(span, parent);
    },
    onEnd(span) {
      queue.admit();
      processor.onEnd(span);
    },
    forceFlush: () => processor.forceFlush(),
    shutdown: () => {
      exporter.lastAttempts();
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
