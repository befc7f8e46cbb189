import { Histogram, type Registry } from 'prom-client';
import { type Exemplar, type ExemplarChoice, NO_EXEMPLARS, type SpanIds } from './exemplars.ts';

/** Seconds; OpenTelemetry's advice for HTTP, which is also what the original's Go services and front-end used. */
export const HTTP_BUCKETS = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];
/** Seconds; OpenTelemetry's advice for databases. */
export const DB_BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

export interface DurationsOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames: string[];
  /** Upper bounds in seconds, ascending. */
  readonly buckets: number[];
  readonly registers: Registry[];
  readonly exemplars?: ExemplarChoice;
}

/** In the order of the label names. A label that does not apply is undefined and left out, as OpenTelemetry does with attributes. */
export type LabelValues = readonly (string | number | undefined)[];

/** OpenTelemetry's limit of the series of one metric, the one for all others included. */
export const MOST_SERIES = 2000;
/** The label, and OpenTelemetry's attribute, of the series for all that came when there were too many. */
export const OVERFLOW = 'otel.metric.overflow';
export const OVERFLOW_LABEL = 'otel_metric_overflow';

export interface Series {
  readonly labels: Record<string, string | number>;
  /** By bucket; the last one is above all bounds. */
  readonly counts: number[];
  /** The newest one of each bucket. */
  readonly exemplars: (Exemplar | undefined)[];
  sum: number;
}

/**
 * A histogram that finds its series by one look-up. prom-client's own checks, sorts and joins the labels of every observation, and a
 * request has four of them and more.
 */
export class Durations extends Histogram {
  private readonly series = new Map<string, Series>();
  private readonly exemplars: ExemplarChoice;

  constructor(private readonly options: DurationsOptions) {
    const { name, help, labelNames, buckets, registers } = options;
    super({ name, help, labelNames, buckets, registers });
    this.exemplars = options.exemplars ?? NO_EXEMPLARS;
  }

  /** Counts `seconds` for these values of the labels. `span`: in which it was measured, where that is not the active one. */
  observeFor(seconds: number, values: LabelValues, span?: SpanIds): void {
    const key = values.join('\n');
    const series = this.series.get(key) ?? this.added(key, values);
    const { buckets } = this.options;
    let bucket = 0;
    while (bucket < buckets.length && seconds > (buckets[bucket] ?? 0)) bucket += 1;
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum += seconds;
    const exemplar = this.exemplars.of(seconds, span);
    if (exemplar) series.exemplars[bucket] = exemplar;
  }

  /** The series as they are. */
  all(): Iterable<Series> {
    return this.series.values();
  }

  get bounds(): readonly number[] {
    return this.options.buckets;
  }

  /** What prom-client's registry prints; its declarations do not list it. */
  getForPromString(): Promise<object> {
    const { name, help } = this.options;
    const values = [...this.series.values()].flatMap((series) => this.shown(series));
    return Promise.resolve({ name, help, type: 'histogram', values, aggregator: 'sum' });
  }

  private added(key: string, values: LabelValues): Series {
    if (this.series.size >= MOST_SERIES - 1) {
      const overflow = this.series.get(OVERFLOW) ?? this.empty({ [OVERFLOW_LABEL]: 'true' });
      this.series.set(OVERFLOW, overflow);
      return overflow;
    }
    const labels: Series['labels'] = {};
    this.options.labelNames.forEach((label, index) => {
      const value = values[index];
      if (value !== undefined) labels[label] = value;
    });
    const series = this.empty(labels);
    this.series.set(key, series);
    return series;
  }

  private empty(labels: Series['labels']): Series {
    const counts = Array<number>(this.options.buckets.length + 1).fill(0);
    return { labels, counts, exemplars: [], sum: 0 };
  }

  private shown({ labels: sharedLabels, counts, sum }: Series): object[] {
    const { name, buckets } = this.options;
    let below = 0;
    const bounds = [...buckets, '+Inf'].map((le, bucket) => {
      below += counts[bucket] ?? 0;
      return { metricName: `${name}_bucket`, labels: { le }, sharedLabels, value: below };
    });
    return [
      ...bounds,
      { metricName: `${name}_sum`, labels: {}, sharedLabels, value: sum },
      { metricName: `${name}_count`, labels: {}, sharedLabels, value: below },
    ];
  }
}
