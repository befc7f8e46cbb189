import { Visitor } from '@sockshop/measure';
import { setTimeout as sleep } from 'node:timers/promises';
import { underLoad } from './load.ts';
import { lossless } from './lossless.ts';
import { inNode } from './network.ts';
import { CALLS_PROGRAM } from './paths.ts';
import { CheckFailedError } from './report.ts';
import type { Shop } from './shop.ts';
import { callsDuring, shareOf } from './version-calls.ts';

/** Requests of a client beyond its limit, and meanwhile of another one, the node itself. */
const OFFERED = 1000;
const OF_ANOTHER = 20;

/** Calls of orders, one for each visit of a customer to its orders. */
const CALLS = 1000;
/** Together under the limit of the gateway, 100 requests a second. */
const AT_ONCE = 4;
/** Beside the load of shoppers. */
const BESIDE = { calls: 400, atOnce: 2 };
const PAUSE_MS = 50;
/** Of v2, as the routes say. */
const SHARE = 0.1;

/** The route's weights decide how many calls of orders reach v2. */
export async function shared(shop: Shop, url: string): Promise<string[]> {
  const calls = await callsDuring(shop, () => visitOrders(url, CALLS));
  const { line, held } = shareOf(calls, SHARE);
  if (!held || calls.v1 + calls.v2 < CALLS) throw new CheckFailedError([line]);
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

/** More requests of one client than the limit get 429; those within it are served, and so are those of another client meanwhile. */
export async function limited(url: string): Promise<string[]> {
  const page = `${url}/favicon.ico`;
  const statuses = new Map<number, number>();
  const startedAt = Date.now();
  const flood = times(OFFERED, 100, async () => {
    const response = await fetch(page);
    await response.arrayBuffer();
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
  });
  const other = await inNode(process.execPath, [CALLS_PROGRAM, page, `${OF_ANOTHER}`]);
  await flood;
  const seconds = (Date.now() - startedAt) / 1000;
  const counts = [...statuses].map(([status, count]) => `${count} × ${status}`).join(', ');
  const lines = [
    `${OFFERED} requests in ${seconds.toFixed(1)} s: ${counts}`,
    `${other.trim()} of ${OF_ANOTHER} requests of another client got 200`,
  ];
  const served = statuses.get(200) ?? 0;
  const refused = statuses.get(429) ?? 0;
  // 100 a second, and a burst of 100.
  const within = refused > 0 && served <= 100 * (seconds + 2) && served + refused === OFFERED;
  if (!within || Number(other) !== OF_ANOTHER) throw new CheckFailedError(lines);
  return lines;
}

/** The weights of v2 rise while shoppers shop, and v1 is removed: no request fails. */
export async function promoted(shop: Shop, url: string, dir: string): Promise<string[]> {
  const lines: string[] = [];
  // Under the limit: all shoppers have one address.
  const load = { url, dir, shoppers: 10, think: '250ms' };
  const result = await underLoad(load, async () => {
    for (const percent of [50, 100]) {
      await shop.run(['patch', 'httproute', 'orders', '--type=json', '-p', weightsOf(percent)]);
      await sleep(TAKES_EFFECT_MS);
      const calls = await callsDuring(shop, () =>
        visitOrders(url, BESIDE.calls, {}, BESIDE.atOnce),
      );
      const { line, held } = shareOf(calls, percent / 100);
      lines.push(line);
      if (!held) throw new CheckFailedError(lines);
    }
    await shop.run(['scale', 'deployment/orders', '--replicas=0']);
    const v1 = 'name=orders,version=v1';
    await shop.run(['wait', '--for=delete', 'pod', '-l', v1, '--timeout=120s']);
    await sleep(TAKES_EFFECT_MS);
  });
  return [...lines, ...lossless('v2 promoted, v1 removed', result)];
}

/** Traefik gathers changes for 2 s. */
const TAKES_EFFECT_MS = 4000;

/** A change of the route's last rule. */
function weightsOf(percent: number): string {
  const path = (nth: number) => `/spec/rules/1/backendRefs/${nth}/weight`;
  return JSON.stringify([
    { op: 'replace', path: path(0), value: 100 - percent },
    { op: 'replace', path: path(1), value: percent },
  ]);
}

async function visitOrders(
  url: string,
  calls: number,
  headers: Readonly<Record<string, string>> = {},
  atOnce = AT_ONCE,
): Promise<void> {
  const customer = new Visitor(url);
  await customer.signUp();
  await times(calls, atOnce, async () => {
    await customer.traced('GET', '/orders', { headers });
    await sleep(PAUSE_MS);
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
