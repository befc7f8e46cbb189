import type { Metrics } from '@sockshop/metrics';
import {
  type EventLog,
  type MetricsEncoder,
  type MetricsExporter,
  metricsExporter,
  SCOPE,
  type TracingParts,
} from '@sockshop/tracing';
import { type MetricBatch, metricsRequest } from './metric-messages.ts';
import { encode, METRICS_REQUEST } from './protobuf.ts';

/** Sends a service's metrics every so often, besides what `/metrics` shows. */
export class MetricExport {
  private readonly startMs = Date.now();
  private readonly timer: NodeJS.Timeout;
  private sending: Promise<void> | undefined;

  private constructor(
    private readonly metrics: Metrics,
    private readonly resource: MetricBatch['resource'],
    private readonly exporter: MetricsExporter<MetricBatch> | undefined,
    private readonly printed: boolean,
    intervalMs: number,
  ) {
    this.timer = setInterval(() => void this.forceFlush(), intervalMs).unref();
  }

  /** Undefined where metrics go nowhere but to `/metrics`. */
  static async start(
    metrics: Metrics,
    { config, resource }: TracingParts,
    log: EventLog = NO_LOG,
  ): Promise<MetricExport | undefined> {
    const { otlp, console: printed, intervalMs } = config.metrics;
    if (resource === undefined || (otlp === undefined && !printed)) return undefined;
    const countExported = metrics.countExported.bind(metrics);
    const exporter = otlp && (await metricsExporter(otlp, ENCODER, { countExported, log }));
    return new MetricExport(metrics, resource, exporter, printed, intervalMs);
  }

  /** Sends the figures of this moment. While a collector is slow the next ones wait: each has all that came before. */
  forceFlush(): Promise<void> {
    this.sending ??= this.send().finally(() => {
      this.sending = undefined;
    });
    return this.sending;
  }

  async shutdown(): Promise<void> {
    clearInterval(this.timer);
    this.exporter?.lastAttempts();
    await this.sending; // it has an older state
    await this.forceFlush();
    await this.exporter?.shutdown();
  }

  private async send(): Promise<void> {
    const { resource, startMs } = this;
    const metrics = await this.metrics.points();
    const batch = { resource, scope: SCOPE, metrics, startMs, nowMs: Date.now() };
    if (this.printed) console.dir(metricsRequest(batch), { depth: null });
    await new Promise<void>((done) => {
      if (!this.exporter) done();
      else {
        this.exporter.export(batch, () => {
          done();
        });
      }
    });
  }
}

const NO_LOG: EventLog = { log: () => undefined, warn: () => undefined };

const ENCODER: MetricsEncoder<MetricBatch> = {
  encode: (batch, json) => {
    const request = metricsRequest(batch);
    return json ? Buffer.from(JSON.stringify(request)) : encode(METRICS_REQUEST, request);
  },
  size: ({ metrics }) => metrics.reduce((total, { points }) => total + points.length, 0),
};
