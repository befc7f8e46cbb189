import { Counter, Gauge, type Registry } from 'prom-client';
import { Durations, MOST_SERIES, OVERFLOW, OVERFLOW_LABEL } from './durations.ts';
import type { Exemplar, ExemplarChoice } from './exemplars.ts';

/** What OpenTelemetry calls a metric. */
export interface Description {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  /** In the order of the labels. */
  readonly attributes: readonly string[];
}

type Labels = Readonly<Record<string, string | number | undefined>>;

interface Point {
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** The points of a metric at one moment, under OpenTelemetry's names. */
export type MetricPoints = Description &
  (
    | {
        readonly kind: 'sum' | 'gauge';
        readonly points: readonly (Point & { readonly value: number })[];
      }
    | {
        readonly kind: 'histogram';
        readonly bounds: readonly number[];
        readonly points: readonly (Point & {
          readonly counts: readonly number[];
          readonly sum: number;
          readonly exemplars: readonly Exemplar[];
        })[];
      }
  );

/**
 * Makes the metrics of a registry by OpenTelemetry's names. Prometheus gets them with `_` for each dot, the unit and, for a count, `_total`.
 * No metric has more than 2000 series: what comes beyond is counted in one with `otel.metric.overflow`, as the specification has it.
 */
export class Instruments {
  private readonly known: {
    readonly of: Description;
    readonly metric: Counter | Gauge | Durations;
  }[] = [];

  constructor(private readonly registry: Registry) {}

  histogram(of: Description, buckets: number[], exemplars?: ExemplarChoice): Durations {
    const metric = new Durations({
      ...this.options(of, unitSuffix(of.unit)),
      buckets,
      ...(exemplars && { exemplars }),
    });
    this.known.push({ of, metric });
    return metric;
  }

  counter(of: Description): Counts {
    const { labelNames, ...options } = this.options(of, `${unitSuffix(of.unit)}_total`);
    const metric = new Counter({ ...options, labelNames: [...labelNames, OVERFLOW_LABEL] });
    this.known.push({ of, metric });
    return new Counts(metric, labelNames);
  }

  /** A counter of which `read` gives the total by the value of its one attribute. */
  total(of: Description, read: () => Readonly<Record<string, number>>): void {
    const options = this.options(of, `${unitSuffix(of.unit)}_total`);
    const [label = ''] = options.labelNames;
    const collect = function (this: Counter): void {
      this.reset();
      for (const [value, total] of Object.entries(read())) this.inc({ [label]: value }, total);
    };
    this.known.push({ of, metric: new Counter({ ...options, collect }) });
  }

  /** `read` sets the values when the metric is read; without it they are what was set last. */
  gauge(of: Description, suffix = unitSuffix(of.unit), read?: (gauge: Gauge) => void): Gauge {
    const options = this.options(of, suffix);
    const collect = function (this: Gauge): void {
      read?.(this);
    };
    const metric = new Gauge({ ...options, ...(read && { collect }) });
    this.known.push({ of, metric });
    return metric;
  }

  async points(): Promise<MetricPoints[]> {
    return Promise.all(this.known.map(async ({ of, metric }) => pointsOf(of, metric)));
  }

  private options({ name, description, attributes }: Description, suffix: string) {
    return {
      name: `${prometheus(name)}${suffix}`,
      help: description,
      labelNames: attributes.map(prometheus),
      registers: [this.registry],
    };
  }
}

/** A counter with a bound of its series. */
export class Counts {
  private readonly series = new Set<string>();

  constructor(
    private readonly counter: Counter,
    private readonly labelNames: readonly string[],
  ) {}

  /** A label that does not apply is left out, as OpenTelemetry does with attributes. */
  inc(labels: Labels, count = 1): void {
    const key = this.labelNames.map((name) => labels[name]).join('\n');
    if (!this.series.has(key)) {
      if (this.series.size >= MOST_SERIES - 1) {
        this.counter.inc({ [OVERFLOW_LABEL]: 'true' }, count);
        return;
      }
      this.series.add(key);
    }
    this.counter.inc(defined(labels), count);
  }
}

async function pointsOf(
  of: Description,
  metric: Counter | Gauge | Durations,
): Promise<MetricPoints> {
  const names = new Map(of.attributes.map((name) => [prometheus(name), name]));
  const attributesOf = (labels: Labels): Point['attributes'] =>
    Object.fromEntries(
      Object.entries(defined(labels)).map(([label, value]) =>
        label === OVERFLOW_LABEL ? [OVERFLOW, value] : [names.get(label) ?? label, value],
      ),
    );
  if (metric instanceof Durations) {
    const points = [...metric.all()].map(({ labels, counts, sum, exemplars }) => ({
      attributes: attributesOf(labels),
      counts: [...counts],
      sum,
      exemplars: exemplars.filter((exemplar) => exemplar !== undefined),
    }));
    return { ...of, kind: 'histogram', bounds: metric.bounds, points };
  }
  const { values } = await metric.get();
  const points = values.map(({ labels, value }) => ({ attributes: attributesOf(labels), value }));
  return { ...of, kind: metric instanceof Counter ? 'sum' : 'gauge', points };
}

const prometheus = (name: string): string => name.replaceAll('.', '_');

/** Things that are counted, `{span}`, have none. */
function unitSuffix(unit: string): string {
  return { s: '_seconds', By: '_bytes', 1: '_ratio', USD: '_dollars' }[unit] ?? '';
}

function defined(labels: Labels): Record<string, string | number> {
  const result: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(labels)) if (value !== undefined) result[name] = value;
  return result;
}
