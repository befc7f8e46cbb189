import { RunningProcess } from '@sockshop/testing';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckedShop } from './checked-shop.ts';
import { figure, type Figure, none } from './figures.ts';
import { ROOT } from './options.ts';
import { FAULTY, ordersTraffic } from './split-checks.ts';
import { isFailed, timed } from './traffic.ts';

const LIMIT = 100;
const OFFERED = 300;
/** An instance that is out must be found and come back well within this. */
const WITHIN_MS = 60_000;

/** 300 requests a second where 100 are allowed. */
export async function limitCheck(shop: CheckedShop, quick: boolean): Promise<Figure[]> {
  const seconds = quick ? 3 : 10;
  await shop.must('limit', 'front-end', `${LIMIT}/s`);
  const retryAfter: (string | null)[] = [];
  const ask = async () => {
    const response = await fetch(`${shop.url}/catalogue/size`);
    if (response.status === 429) retryAfter.push(response.headers.get('retry-after'));
    return response;
  };
  const from = performance.now();
  const results = await Promise.all(
    Array.from({ length: OFFERED * seconds }, async (_, nth) => {
      await sleep((1000 * nth) / OFFERED);
      return timed(ask);
    }),
  );
  const took = (performance.now() - from) / 1000;
  await shop.must('limit', 'front-end', 'off');
  const count = (status: number) => results.filter((result) => result.status === status).length;
  const [accepted, refused] = [count(200), count(429)];
  const offered = results.length / took;
  const rate = accepted / took;
  const afterwards = await Promise.all(Array.from({ length: OFFERED }, () => timed(ask)));
  const waitsAreGiven = retryAfter.every((value) => Number(value) >= 1);
  return [
    figure('offered', `${results.length} requests, ${offered.toFixed(0)}/s`),
    // The window slides: a burst may come before the rate. A busy machine offers less than it is asked to.
    figure(
      'accepted',
      `${accepted} (${rate.toFixed(0)}/s)`,
      accepted >= LIMIT && accepted <= LIMIT * (took + 1.2),
    ),
    figure('answered with 429', refused, refused === results.length - accepted),
    figure('retry-after with each 429', waitsAreGiven ? 'yes' : 'no', waitsAreGiven && refused > 0),
    none('refused once the limit is off', afterwards.filter(({ status }) => status !== 200).length),
  ];
}

/** One of three instances fails while its probes stay right. */
export async function outlierCheck(shop: CheckedShop, quick: boolean): Promise<Figure[]> {
  const faults = join(shop.dir, 'faults');
  mkdirSync(faults);
  await shop.must(
    'upgrade',
    'orders',
    '--version',
    'faulty',
    '--dir',
    FAULTY,
    '--set',
    `FAULT_DIR=${faults}`,
  );
  await shop.must('scale', 'orders', '3');
  const { versions } = await shop.service('orders');
  const name = versions[0]?.instances[1]?.name ?? '';
  const figures: Figure[] = [];
  for (const fault of ['500', 'hang'])
    figures.push(...(await oneOutlier(shop, name, fault, quick)));
  await shop.must('scale', 'orders', '1');
  await shop.must('upgrade', 'orders', '--version', 'mended');
  rmSync(faults, { recursive: true });
  return figures;
}

async function oneOutlier(
  shop: CheckedShop,
  name: string,
  fault: string,
  quick: boolean,
): Promise<Figure[]> {
  const file = join(shop.dir, 'faults', name);
  const what = fault === 'hang' ? 'an instance that hangs' : `an instance that answers ${fault}`;
  const traffic = await ordersTraffic(shop);
  await traffic.next(quick ? 30 : 200);
  const before = (await instanceOf(shop, name)).figures?.requests ?? 0;
  const failedBefore = traffic.failed.length;
  const faultyAt = performance.now();
  writeFileSync(file, fault);
  await stateOf(shop, name, 'ejected');
  const outAfter = performance.now() - faultyAt;
  const calls = ((await instanceOf(shop, name)).figures?.requests ?? 0) - before;
  await traffic.next(quick ? 50 : 500);
  rmSync(file);
  const mendedAt = performance.now();
  await stateOf(shop, name, 'ready');
  const backAfter = performance.now() - mendedAt;
  await traffic.next(quick ? 30 : 200);
  await traffic.stop();
  const seen = traffic.results.filter(isFailed).length - failedBefore;
  return [
    figure(`${what}: out after`, `${calls} calls, ${(outAfter / 1000).toFixed(1)} s`),
    figure(`${what}: back after it is mended`, `${(backAfter / 1000).toFixed(1)} s`),
    figure(`${what}: errors that shoppers saw`, `${seen} of ${traffic.results.length}`),
  ];
}

async function instanceOf(shop: CheckedShop, name: string) {
  const { versions } = await shop.service('orders');
  const found = versions.flatMap(({ instances }) => instances).find((each) => each.name === name);
  if (!found) throw new Error(`there is no instance ${name}`);
  return found;
}

async function stateOf(shop: CheckedShop, name: string, state: string): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  for (;;) {
    const now = (await instanceOf(shop, name)).state;
    if (now === state) return;
    if (performance.now() > deadline)
      throw new Error(`${name} is ${now}, not ${state}, after ${WITHIN_MS / 1000} s`);
    await sleep(20);
  }
}

interface Summary {
  readonly requests: { readonly count: number };
  readonly ordersPlaced: number;
  readonly errors: number;
  readonly checkoutsUnanswered: number;
}

/** Twenty shoppers while instances come and go. */
export async function rollingCheck(shop: CheckedShop, quick: boolean): Promise<Figure[]> {
  const file = join(shop.dir, 'shoppers.json');
  const main = join(ROOT, 'loadtest/dist/main.js');
  const shoppers = new RunningProcess([
    main,
    '--url',
    shop.url,
    '--shoppers',
    '20',
    '--json',
    file,
  ]);
  const pause = quick ? 1000 : 5000;
  const steps: string[][] = [
    ['scale', 'orders', '3'],
    ['scale', 'orders', '1'],
    ['upgrade', 'orders', '--version', 'v3'],
    ['upgrade', 'front-end', '--version', 'v3'],
    ['upgrade', 'shipping', '--version', 'v3'],
    ['upgrade', 'queue-master', '--version', 'v3'],
    ...(quick
      ? []
      : [
          ['scale', 'front-end', '3'],
          ['upgrade', 'front-end', '--version', 'v4'],
          ['scale', 'front-end', '1'],
          ['upgrade', 'catalogue', '--version', 'v3'],
          ['upgrade', 'carts', '--version', 'v3'],
          ['upgrade', 'user', '--version', 'v3'],
          ['upgrade', 'payment', '--version', 'v3'],
          ['resize', 'orders', '--memory', '128'],
        ]),
  ];
  await sleep(2 * pause); // some of them are shopping
  const took: Figure[] = [];
  for (const words of steps) {
    const from = performance.now();
    await shop.must(...words);
    took.push(figure(words.join(' '), `${((performance.now() - from) / 1000).toFixed(1)} s`));
    await sleep(pause);
  }
  const code = await shoppers.stop('SIGINT');
  const summary = JSON.parse(readFileSync(file, 'utf8')) as Summary; // of our own program
  const { requests, ordersPlaced, errors, checkoutsUnanswered } = summary;
  return [
    ...took,
    figure('orders placed meanwhile', ordersPlaced, ordersPlaced > 0),
    figure('the shoppers left', `with code ${String(code)}`, code === 0),
    none('checkouts without an answer', checkoutsUnanswered),
    none('failed requests of 20 shoppers', errors, requests.count),
  ];
}
