import { NAMESPACE, type Shop } from './shop.ts';

/** Requests that each version of orders has served. */
export interface VersionCalls {
  readonly v1: number;
  readonly v2: number;
}

/** What each version has served meanwhile. */
export async function callsDuring(shop: Shop, work: () => Promise<void>): Promise<VersionCalls> {
  const before = await callsOf(shop);
  await work();
  const after = await callsOf(shop);
  return { v1: after.v1 - before.v1, v2: after.v2 - before.v2 };
}

async function callsOf(shop: Shop): Promise<VersionCalls> {
  const calls = { v1: 0, v2: 0 };
  for (const { metadata } of await shop.pods('orders')) {
    const path = `/api/v1/namespaces/${NAMESPACE}/pods/${metadata.name}:8080/proxy/metrics`;
    const text = await shop.kubectl.run(['get', '--raw', path]);
    const counts = [...text.matchAll(/^request_duration_seconds_count\{([^}]*)\} (\d+)/gm)]
      .filter(([, labels = '']) => labels.includes('route="/orders'))
      .map(([, , count]) => Number(count));
    const version = metadata.labels['version'] === 'v2' ? 'v2' : 'v1';
    calls[version] += counts.reduce((sum, count) => sum + count, 0);
  }
  return calls;
}

/** Standard deviations of a binomial distribution: beyond them lies one run in 16,000. */
const SIGMAS = 4;

/** How many of v1 and v2 together v2 has, against the share that it must have. */
export function shareOf({ v1, v2 }: VersionCalls, share: number): { line: string; held: boolean } {
  const all = v1 + v2;
  const bound = SIGMAS * Math.sqrt(all * share * (1 - share));
  const line = `${v2} of ${all} calls of orders reached v2 (${percent(v2 / all)}), ${percent(share)} ± ${percent(bound / all)} expected`;
  return { line, held: Math.abs(v2 - all * share) <= bound };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
