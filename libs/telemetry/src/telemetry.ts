import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { Metrics } from '@sockshop/metrics';
import {
  activeSpan,
  type EventLog,
  type Pipeline,
  Tracing,
  type TracingConfig,
  tracingConfig,
  type TracingParts,
  tracingParts,
  VERSION,
} from '@sockshop/tracing';
import { MetricExport } from './metric-export.ts';

/** All services are released together, under one version. */
const SHOP = { 'service.namespace': 'sock-shop', 'service.version': VERSION };

/** What a service reports about itself: its tracing and its metrics. Each service owns one. */
export class Telemetry extends Tracing {
  private constructor(
    parts: TracingParts,
    readonly metrics: Metrics,
    private readonly metricExport: MetricExport | undefined,
  ) {
    super(parts);
  }

  /** Telemetry of the service `name`, exporting where `config` says; a test's `exporter` takes every span as it ends. `log`: of lost spans. */
  static override async start(
    name: string,
    config: TracingConfig = tracingConfig({}),
    exporter?: SpanExporter,
    log?: EventLog,
  ): Promise<Telemetry> {
    const spanIds = () => activeSpan()?.spanContext();
    const metrics = new Metrics(config.serviceName ?? name, spanIds, config.metrics.exemplars);
    const countExported = metrics.countExported.bind(metrics);
    const ofShop = { ...config, resourceDefaults: SHOP };
    const parts = await tracingParts(name, ofShop, exporter, log, countExported);
    if (parts.resource) metrics.showTarget(parts.resource.attributes);
    return new Telemetry(parts, metrics, await MetricExport.start(metrics, parts, log));
  }

  protected override pipelines(): readonly Pipeline[] {
    return this.metricExport ? [...super.pipelines(), this.metricExport] : super.pipelines();
  }
}
