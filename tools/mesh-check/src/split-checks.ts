import { logIn } from '@sockshop/testing';
import type { CheckedShop } from './checked-shop.ts';
import { binomial, figure, type Figure, none } from './figures.ts';
import { ROOT } from './options.ts';
import { isFailed, timed, Traffic } from './traffic.ts';
import { versionsIn } from './versions-in-traces.ts';
import { join } from 'node:path';

/** A build of orders with switches for faults. */
export const FAULTY = join(ROOT, 'tools/mesh-check/dist/faulty');
const CALLERS = 8;

/** Shopper's requests of which each makes one call of orders. */
export async function ordersTraffic(shop: CheckedShop): Promise<Traffic> {
  const customer = await logIn(shop.url);
  return new Traffic(() => customer.get('/orders'), CALLERS);
}

/** A share of 10 %, 50 %, all, then the old version is removed. */
export async function canaryCheck(shop: CheckedShop, quick: boolean): Promise<Figure[]> {
  const calls = quick ? 300 : 2000;
  await shop.must('deploy', 'orders', '--version', 'v2');
  const traffic = await ordersTraffic(shop);
  const figures: Figure[] = [];
  for (const share of [0, 10, 50]) {
    await shop.must('canary', 'orders', 'v2', String(share));
    const results = await traffic.next(calls);
    const versions = await versionsIn(shop.zipkin, results, 'orders');
    const count = versions.filter((version) => version === 'v2').length;
    figures.push(binomial(`v2 in the traces at ${share} %`, count, calls, share / 100));
  }
  await shop.must('promote', 'orders', 'v2');
  const after = await traffic.next(quick ? 100 : 500);
  await traffic.stop();
  const versions = await versionsIn(shop.zipkin, after, 'orders');
  const old = versions.filter((version) => version !== 'v2').length;
  const left = (await shop.service('orders')).versions.map(({ version }) => version);
  return [
    ...figures,
    none('v1 in the traces after promote', old, after.length),
    figure('versions after promote', left.join(', '), left.join() === 'v2'),
    none('failed requests during all of it', traffic.failed.length, traffic.results.length),
  ];
}

/** A version that fails 5 % of its requests must not get far. */
export async function autoCheck(shop: CheckedShop, quick: boolean): Promise<Figure[]> {
  const figures: Figure[] = [];
  const [before] = (await shop.service('orders')).versions;
  const promise = ['--max-error-rate', '1%', '--max-p95', '5s', '--steps', '10,25,50,100'];
  const requests = ['--requests', quick ? '50' : '200'];
  const traffic = await ordersTraffic(shop);
  await shop.must('deploy', 'orders', '--version', 'bad', '--dir', FAULTY, '--set', 'FAULT=5%');
  const bad = await shop.mesh('canary', 'orders', 'bad', '--auto', ...promise, ...requests);
  const after = await shop.service('orders');
  const share = after.canary?.share ?? 0;
  const left = after.versions.map(({ version }) => version).join();
  figures.push(
    figure('a version that fails 5 %', bad.output.trim().split('\n').at(-1) ?? '', bad.code === 1),
    figure('rolled back at the step', `${share} %`, after.canary?.state === 'rolled back'),
    figure('versions after it', left, left === before?.version),
    figure('errors that shoppers saw', `${traffic.failed.length} of ${traffic.results.length}`),
  );
  const [seen, all] = [traffic.failed.length, traffic.results.length];
  await shop.must('deploy', 'orders', '--version', 'good');
  const good = await shop.mesh('canary', 'orders', 'good', '--auto', ...promise, ...requests);
  await traffic.stop();
  const promoted = (await shop.service('orders')).versions.map(({ version }) => version).join();
  return [
    ...figures,
    figure('a version that keeps the promise', promoted, good.code === 0 && promoted === 'good'),
    none('errors during its steps', traffic.failed.length - seen, traffic.results.length - all),
  ];
}

/** Shoppers with the cookie get one version, all others the other one. */
export async function abCheck(shop: CheckedShop, quick: boolean): Promise<Figure[]> {
  const count = quick ? 100 : 500;
  const [first] = (await shop.service('front-end')).versions;
  await shop.must('deploy', 'front-end', '--version', 'b');
  await shop.must('ab', 'front-end', 'b', '--cookie', 'variant=b');
  const ask = (headers: Record<string, string>) => () =>
    fetch(`${shop.url}/catalogue/size`, { headers });
  const crossings = async (headers: Record<string, string>, expected: string) => {
    const results = await Promise.all(
      Array.from({ length: CALLERS }, async (_, caller) => {
        const own = [];
        for (let nth = caller; nth < count; nth += CALLERS) own.push(await timed(ask(headers)));
        return own;
      }),
    ).then((all) => all.flat());
    const versions = await versionsIn(shop.zipkin, results, 'front-end');
    const crossed = versions.filter((version) => version !== expected).length;
    return { crossed, failed: results.filter(isFailed).length };
  };
  const inB = await crossings({ cookie: 'logged_in=; variant=b; theme=dark' }, 'b');
  const others = await crossings({ cookie: 'variant=bb' }, first?.version ?? '');
  await shop.must('ab', 'front-end', '--off');
  await shop.must('ab', 'front-end', 'b', '--header', 'x-variant=b');
  const byHeader = await crossings({ 'x-variant': 'b' }, 'b');
  await shop.must('rollback', 'front-end');
  return [
    none('crossings with the cookie', inB.crossed, count),
    none('crossings without it', others.crossed, count),
    none('crossings with the header', byHeader.crossed, count),
    none('failed requests', inB.failed + others.failed + byHeader.failed, 3 * count),
  ];
}
