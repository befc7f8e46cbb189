import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { Metrics } from '@sockshop/metrics';
import {
  type EventLog,
  Tracing,
  type TracingConfig,
  tracingConfig,
  type TracingParts,
  tracingParts,
} from '@sockshop/tracing';

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
    return new Telemetry(await tracingParts(name, config, exporter, log, countExported), metrics);
  }
}
