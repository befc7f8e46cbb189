import type { Attributes } from '@opentelemetry/api';
import type { Exemplar, MetricPoints } from '@sockshop/metrics';

/** The metrics of one service at one moment. */
export interface MetricBatch {
  readonly resource: { readonly attributes: Attributes; readonly schemaUrl?: string | undefined };
  readonly scope: { readonly name: string; readonly version: string; readonly schemaUrl: string };
  readonly metrics: readonly MetricPoints[];
  /** From when on is counted, and until when; since 1970. */
  readonly startMs: number;
  readonly nowMs: number;
}

/** A message of OTLP as it is in JSON: 64-bit numbers as texts, ids in hex. */
export type Message = Readonly<Record<string, unknown>>;

const CUMULATIVE = 2;

/**
 * The export request of OTLP. OpenTelemetry's own encoder leaves exemplars out, in protobuf and in JSON, and with them the way from a slow
 * bucket to its trace.
 */
export function metricsRequest({ resource, scope, metrics, startMs, nowMs }: MetricBatch): Message {
  const times = { startTimeUnixNano: nanoseconds(startMs), timeUnixNano: nanoseconds(nowMs) };
  return {
    resourceMetrics: [
      {
        resource: { attributes: keyValues(resource.attributes) },
        schemaUrl: resource.schemaUrl ?? '',
        scopeMetrics: [
          {
            scope: { name: scope.name, version: scope.version },
            schemaUrl: scope.schemaUrl,
            metrics: metrics
              .filter(({ points }) => points.length > 0)
              .map((metric) => metricOf(metric, times)),
          },
        ],
      },
    ],
  };
}

function metricOf(metric: MetricPoints, times: Message): Message {
  const { name, description, unit } = metric;
  const common = { name, description, unit };
  if (metric.kind === 'histogram') {
    const dataPoints = metric.points.map(({ attributes, counts, sum, exemplars }) => ({
      ...times,
      attributes: keyValues(attributes),
      count: String(counts.reduce((total, count) => total + count, 0)),
      sum,
      bucketCounts: counts.map(String),
      explicitBounds: metric.bounds,
      ...(exemplars.length > 0 && { exemplars: exemplars.map(exemplarOf) }),
    }));
    return { ...common, histogram: { dataPoints, aggregationTemporality: CUMULATIVE } };
  }
  const dataPoints = metric.points.map(({ attributes, value }) => ({
    ...times,
    attributes: keyValues(attributes),
    asDouble: value,
  }));
  if (metric.kind === 'gauge') return { ...common, gauge: { dataPoints } };
  const sum = { dataPoints, aggregationTemporality: CUMULATIVE, isMonotonic: true };
  return { ...common, sum };
}

function exemplarOf({ span, value, timeMs }: Exemplar): Message {
  return {
    timeUnixNano: nanoseconds(timeMs),
    asDouble: value,
    ...(span && { traceId: span.traceId, spanId: span.spanId }),
  };
}

function keyValues(attributes: Attributes): Message[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: Attributes[string]): Message {
  if (typeof value === 'number') {
    return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  }
  if (typeof value === 'boolean') return { boolValue: value };
  return { stringValue: typeof value === 'string' ? value : JSON.stringify(value) };
}

function nanoseconds(ms: number): string {
  return String(BigInt(Math.round(ms * 1000)) * 1000n);
}
