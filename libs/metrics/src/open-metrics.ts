import type { Metric, Registry } from 'prom-client';
import { Durations, type Series } from './durations.ts';

export const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

type Labels = Readonly<Record<string, string | number | undefined>>;

/**
 * The text of OpenMetrics, which has exemplars. prom-client's own renames the counters of a registry for good when it prints it, so that
 * Prometheus' other text has the wrong names from then on.
 */
export async function openMetrics(registries: readonly Registry[]): Promise<string> {
  const metrics = registries.flatMap((registry) => registry.getMetricsAsArray());
  const families = await Promise.all(metrics.map((each) => family(each as unknown as Metric))); // declared without their methods
  return `${families.flat().join('\n')}\n# EOF\n`;
}

async function family(metric: Metric): Promise<string[]> {
  const { name, help, type, values } = await metric.get();
  const counts = String(type) === 'counter';
  const base = counts ? name.replace(/_total$/, '') : name;
  const head = [`# HELP ${base} ${escaped(help)}`, `# TYPE ${base} ${type}`];
  if (metric instanceof Durations) {
    const series = [...metric.all()];
    return [...head, ...series.flatMap((each) => histogram(name, each, metric.bounds))];
  }
  const samples = values.map(({ labels, value, ...of }) => {
    const named = 'metricName' in of && typeof of.metricName === 'string' ? of.metricName : base;
    return sample(counts ? `${base}_total` : named, labels, value);
  });
  return [...head, ...samples];
}

function histogram(
  name: string,
  { labels, counts, exemplars, sum }: Series,
  bounds: readonly number[],
): string[] {
  let below = 0;
  const buckets = [...bounds, Infinity].map((bound, bucket) => {
    below += counts[bucket] ?? 0;
    const line = sample(`${name}_bucket`, { ...labels, le: number(bound, true) }, below);
    const exemplar = exemplars[bucket];
    if (exemplar === undefined) return line;
    const { span, value, timeMs } = exemplar;
    const ids = span ? `trace_id="${span.traceId}",span_id="${span.spanId}"` : '';
    return `${line} # {${ids}} ${number(value)} ${(timeMs / 1000).toFixed(3)}`;
  });
  return [...buckets, sample(`${name}_sum`, labels, sum), sample(`${name}_count`, labels, below)];
}

function sample(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels)
    .filter(([, text]) => text !== undefined)
    .map(([label, text]) => `${label}="${escaped(String(text)).replaceAll('"', '\\"')}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${number(value)}`;
}

/** `point`: with one, as OpenMetrics writes the bounds of buckets. */
function number(value: number, point = false): string {
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return point && Number.isInteger(value) ? `${value}.0` : String(value);
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/** Whether OpenMetrics is named with a higher preference than plain text. */
export function prefersOpenMetrics(accept: string): boolean {
  const qualities = new Map(
    accept.split(',').map((range) => {
      const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
      const quality = parameters.find((parameter) => parameter.startsWith('q='));
      return [type, quality === undefined ? 1 : Number(quality.slice(2))];
    }),
  );
  const open = qualities.get('application/openmetrics-text') ?? 0;
  return open > 0 && open >= (qualities.get('text/plain') ?? 0);
}
