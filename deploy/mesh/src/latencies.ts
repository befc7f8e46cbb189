/** The histogram that every service has, whatever its routes. */
const BUCKET = /^http_server_request_duration_seconds_bucket\{(.*)\} (\S+)/gm;
/** Probes are no requests of the shop. */
const PROBES = /http_route="\/(?:health|livez|readyz|metrics|prometheus)"/;

/** Requests that took at most so many seconds, by these seconds; the last is infinite. */
export type Latencies = ReadonlyMap<number, number>;

/** All routes of an instance together, from its `/metrics`. */
export function latenciesOf(metrics: string): Latencies {
  const counts = new Map<number, number>();
  for (const [, labels = '', value] of metrics.matchAll(BUCKET)) {
    const le = /le="([^"]+)"/.exec(labels)?.[1];
    if (le === undefined || PROBES.test(labels)) continue;
    const bound = le === '+Inf' ? Infinity : Number(le);
    counts.set(bound, (counts.get(bound) ?? 0) + Number(value));
  }
  return counts;
}

/** What came in between. An instance that was started again counts from 0. */
export function since(earlier: Latencies | undefined, now: Latencies): Latencies {
  const before = earlier && countOf(earlier) <= countOf(now) ? earlier : new Map<number, number>();
  return new Map([...now].map(([bound, count]) => [bound, count - (before.get(bound) ?? 0)]));
}

export function together(all: readonly Latencies[]): Latencies {
  const sum = new Map<number, number>();
  for (const each of all)
    for (const [bound, count] of each) sum.set(bound, (sum.get(bound) ?? 0) + count);
  return sum;
}

/** In milliseconds, between the bounds as Prometheus's `histogram_quantile` does it; undefined without requests. */
export function p95Ms(latencies: Latencies): number | undefined {
  const rank = 0.95 * countOf(latencies);
  if (rank === 0) return undefined;
  let [lower, below] = [0, 0];
  for (const [bound, count] of [...latencies].sort(([one], [other]) => one - other)) {
    if (count >= rank) {
      if (bound === Infinity) return lower * 1000;
      return (lower + (bound - lower) * ((rank - below) / (count - below))) * 1000;
    }
    [lower, below] = [bound, count];
  }
  return lower * 1000;
}

function countOf(latencies: Latencies): number {
  return latencies.get(Infinity) ?? 0;
}
