import { Histogram, type Registry } from 'prom-client';

export interface DurationsOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames: string[];
  /** Upper bounds in seconds, ascending. */
  readonly buckets: number[];
  readonly registers: Registry[];
}

/** In the order of the label names. A label that does not apply is undefined and left out, as OpenTelemetry does with attributes. */
export type LabelValues = readonly (string | number | undefined)[];

interface Series {
  readonly labels: Record<string, string | number>;
  /** By bucket; the last one is above all bounds. */
  readonly counts: number[];
  sum: number;
}

/**
 * A histogram that finds its series by one look-up. prom-client's own checks, sorts and joins the labels of every observation, and a
 * request has four of them and more.
 */
export class Durations extends Histogram {
  private readonly series = new Map<string, Series>();

  constructor(private readonly options: DurationsOptions) {
    super(options);
  }

  /** Counts `seconds` for these values of the labels. */
  observeFor(seconds: number, values: LabelValues): void {
    const key = values.join('\n');
    let series = this.series.get(key);
    if (series === undefined) {
      series = this.added(values);
      this.series.set(key, series);
    }
    const { buckets } = this.options;
    let bucket = 0;
    while (bucket < buckets.length && seconds > (buckets[bucket] ?? 0)) bucket += 1;
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum += seconds;
  }

  /** What prom-client's registry prints; its declarations do not list it. */
  getForPromString(): Promise<object> {
    const { name, help } = this.options;
    const values = [...this.series.values()].flatMap((series) => this.shown(series));
    return Promise.resolve({ name, help, type: 'histogram', values, aggregator: 'sum' });
  }

  private added(values: LabelValues): Series {
    const labels: Series['labels'] = {};
    this.options.labelNames.forEach((label, index) => {
      const value = values[index];
      if (value !== undefined) labels[label] = value;
    });
    return { labels, counts: Array<number>(this.options.buckets.length + 1).fill(0), sum: 0 };
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
