import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { Metrics } from '@sockshop/metrics';
import {
  type EventLog,
  Tracing,
  type TracingConfig,
  tracingConfig,
  type TracingParts,
  tracingParts,
  VERSION,
} from '@sockshop/tracing';

/** All services are released together, under one version. */
const SHOP = { 'service.namespace': 'sock-shop', 'service.version': VERSION };

/** What a service reports about itself: its tracing and its metrics. Each service owns one. */
export class Telemetry extends Tracing {
  private constructor(
    parts: TracingParts,
    readonly metrics: Metrics,
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
    const metrics = new Metrics(config.serviceName ?? name);
    const countExported = metrics.countExported.bind(metrics);
    const ofShop = { ...config, resourceDefaults: SHOP };
    return new Telemetry(await tracingParts(name, ofShop, exporter, log, countExported), metrics);
  }
}
