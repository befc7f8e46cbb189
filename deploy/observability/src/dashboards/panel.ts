/** What is drawn of the series that queries return. */
export interface PanelSource {
  readonly title: string;
  /** What a reader learns from it, and what is normal. */
  readonly about?: string;
  /** Grafana's name: `reqps`, `s`, `percentunit`, `bytes`, `short`. */
  readonly unit: string;
  readonly queries: readonly QuerySource[];
  /** `stat`: one number each, over the whole time shown. Default: lines. */
  readonly kind?: 'lines' | 'stacked' | 'stat';
  /** Twenty-fourths of the page. Default: 12, of a stat 4. */
  readonly width?: number;
}

export interface QuerySource {
  readonly expr: string;
  /** Grafana's pattern: `{{name}}`. */
  readonly legend: string;
  /** Shows exemplars, whose points lead to traces. Only for histograms. */
  readonly exemplars?: true;
}

export interface DashboardSource {
  /** The name of its file and the last part of its address. */
  readonly id: string;
  readonly title: string;
  readonly about: string;
  /** Where the series of all of its queries exist. */
  readonly needs: 'services' | 'servers' | 'cAdvisor';
  /** A choice of services: `$service` in queries. */
  readonly choosesService?: true;
  readonly rows: readonly { readonly title: string; readonly panels: readonly PanelSource[] }[];
}

/** All requests but those of probes and of Prometheus itself. */
export const SHOPPING = 'http_route!~"/metrics|/prometheus|/livez|/readyz|/health"';

/** The name of the variable that Grafana sets to a time that has several scrapes. */
const RANGE = '$__rate_interval';

export function rate(series: string): string {
  return `rate(${series}[${RANGE}])`;
}

/** How much a count grew in the time shown. */
export function grown(series: string): string {
  return `sum(increase(${series}[$__range]))`;
}

/** The share of `part` in `whole`, 0 where there is no part. */
export function share(part: string, whole: string, by = ''): string {
  const sum = by === '' ? 'sum' : `sum by (${by}) `;
  return `(${sum}(${rate(part)}) or ${sum}(${rate(whole)}) * 0) / ${sum}(${rate(whole)})`;
}

/** 0.5, 0.95 and 0.99 of a histogram. `labels`: by which it is drawn. */
export function quantiles(
  bucket: string,
  labels: readonly string[] = [],
  shown: readonly number[] = [0.5, 0.95, 0.99],
): QuerySource[] {
  const legend = labels.map((label) => `{{${label}}} `).join('');
  return shown.map((quantile) => ({
    expr: quantileOf(bucket, labels, quantile),
    legend: `${legend}p${quantile * 100}`,
    exemplars: true,
  }));
}

/** One point of a histogram, over all instances. */
export function quantileOf(bucket: string, labels: readonly string[], quantile: number): string {
  const by = [...labels, 'le'].join(', ');
  return `histogram_quantile(${quantile}, sum by (${by}) (${rate(bucket)}))`;
}
