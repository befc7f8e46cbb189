import { Visitor } from '@sockshop/measure';
import { CheckFailedError } from './report.ts';
import { NAMESPACE, type Shop } from './shop.ts';

/** Calls of orders, one for each visit of a customer to its orders. */
const CALLS = 1000;
const AT_ONCE = 10;
/** Of v2, as the routes say. */
const SHARE = 0.1;
/** Standard deviations of a binomial distribution: beyond them lies one run in 16,000. */
const SIGMAS = 4;

/** The route's weights decide how many calls of orders reach v2. */
export async function shared(shop: Shop, url: string): Promise<string[]> {
  const { v1, v2 } = await callsDuring(shop, () => visitOrders(url, CALLS));
  const all = v1 + v2;
  const bound = SIGMAS * Math.sqrt(all * SHARE * (1 - SHARE));
  const line = `${v2} of ${all} calls of orders reached v2 (${((100 * v2) / all).toFixed(1)} %), ${SHARE * 100} % ± ${((100 * bound) / all).toFixed(1)} expected`;
  if (all < CALLS || Math.abs(v2 - all * SHARE) > bound) throw new CheckFailedError([line]);
  return [line];
}

/** A request with the header reaches v2 alone, whichever service calls orders. */
export async function matched(shop: Shop, url: string): Promise<string[]> {
  const calls = 200;
  const { v1, v2 } = await callsDuring(shop, () =>
    visitOrders(url, calls, { baggage: 'orders=v2' }),
  );
  const line = `with \`baggage: orders=v2\` ${v2} of ${v1 + v2} calls of orders reached v2`;
  if (v1 > 0 || v2 < calls) throw new CheckFailedError([line]);
  return [line];
}

/** More requests of one client than the limit get 429; those within it are served. */
export async function limited(url: string): Promise<string[]> {
  const offered = 1000;
  const statuses = new Map<number, number>();
  const startedAt = Date.now();
  await times(offered, 100, async () => {
    const response = await fetch(`${url}/favicon.ico`);
    await response.arrayBuffer();
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
  });
  const seconds = (Date.now() - startedAt) / 1000;
  const counts = [...statuses].map(([status, count]) => `${count} × ${status}`).join(', ');
  const line = `${offered} requests in ${seconds.toFixed(1)} s: ${counts}`;
  const served = statuses.get(200) ?? 0;
  const refused = statuses.get(429) ?? 0;
  // 100 a second, and a burst of 100.
  if (refused === 0 || served > 100 * (seconds + 2) || served + refused < offered)
    throw new CheckFailedError([line]);
  return [line];
}

async function visitOrders(
  url: string,
  calls: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const customer = new Visitor(url);
  await customer.signUp();
  await times(calls, AT_ONCE, async () => {
    await customer.traced('GET', '/orders', { headers });
  });
}

/** So many times, some at once. */
async function times(count: number, atOnce: number, work: () => Promise<void>): Promise<void> {
  let left = count;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** How many requests each version of orders has served meanwhile. */
async function callsDuring(
  shop: Shop,
  work: () => Promise<void>,
): Promise<{ v1: number; v2: number }> {
  const before = await callsOf(shop);
  await work();
  const after = await callsOf(shop);
  return { v1: after.v1 - before.v1, v2: after.v2 - before.v2 };
}

async function callsOf(shop: Shop): Promise<{ v1: number; v2: number }> {
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
