import { CommandError } from '@sockshop/cli';
import { machine } from '@sockshop/measure';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { growths, restarted } from './findings.ts';
import type { SoakOptions } from './options.ts';
import { type Outcome, reportOf } from './report.ts';
import { type Sample, sample, type Watched } from './sampler.ts';
import { Shoppers } from './shoppers.ts';
import { stored } from './stored.ts';
import { WatchedShop } from './watched-shop.ts';

/** The name of the load generator among the processes: it must not leak either. */
const LOAD = 'load generator';
/** Of open files and handles, per hour. */
const FILES_PER_HOUR = 30;
const MINUTE_MS = 60_000;

/** The exit code: 0 only when nothing leaks and no process ended. */
export async function soak(options: SoakOptions): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      stop.abort(new CommandError('stopped before its end'));
    });
  const { running, way } = options;
  const shop =
    running === undefined
      ? await WatchedShop.start(way, stop.signal)
      : WatchedShop.running(running);
  let shoppers: Shoppers | undefined;
  try {
    const before = await stored(shop);
    shoppers = new Shoppers(shop.url, options.shoppers);
    console.log(`${shop.url}: ${options.shoppers} shoppers for ${options.minutes} minutes`);
    const samples = await watch(withLoad(shop, shoppers), options, stop.signal);
    await shoppers.stop();
    const outcome = outcomeOf(samples, options, { before, after: await stored(shop) });
    if (options.json !== undefined)
      writeFileSync(
        options.json,
        `${JSON.stringify({ machine: machine(), way: shop.way, options, ...outcome, samples }, undefined, 1)}\n`,
      );
    const { text, failed } = reportOf(outcome);
    console.log(`\n${text}`);
    return failed ? 1 : 0;
  } finally {
    await shoppers?.stop();
    await shop.stop();
  }
}

/** The generator is watched beside the shop. */
function withLoad(shop: WatchedShop, shoppers: Shoppers): Watched {
  return {
    processes: () => {
      if (!shoppers.shopping) throw new CommandError('the shoppers have gone');
      return shop.processes().set(LOAD, shoppers.pid);
    },
    services: () => shop.services(),
  };
}

/** Looks until the time is over, and says every minute how far it is. */
async function watch(
  watched: Watched,
  { minutes, every }: SoakOptions,
  signal: AbortSignal,
): Promise<Sample[]> {
  const samples = [await sample(watched)];
  const startedAt = samples[0]?.atMs ?? 0;
  let said = 0;
  for (let nth = 1; Date.now() - startedAt < minutes * MINUTE_MS; nth++) {
    await sleep(Math.max(0, startedAt + nth * every * 1000 - Date.now()), undefined, {
      signal,
    }).catch(() => {
      throw signal.reason as CommandError; // set where it is aborted
    });
    const now = await sample(watched);
    samples.push(now);
    const minute = Math.floor((now.atMs - startedAt) / MINUTE_MS);
    if (minute > said) {
      said = minute;
      const mib = Object.values(now.processes).reduce((sum, { pssKiB }) => sum + pssKiB, 0) / 1024;
      console.log(`  ${minute} min: ${now.orders} orders, ${Math.round(mib)} MiB PSS`);
    }
  }
  return samples;
}

function outcomeOf(
  samples: readonly Sample[],
  { warmUp, least }: SoakOptions,
  kept: Outcome['stored'],
): Outcome {
  const first = samples[0]?.atMs ?? 0;
  const last = samples.at(-1)?.atMs ?? 0;
  const from = first + ((last - first) * warmUp) / 100;
  const warm = samples.filter(({ atMs }) => atMs >= from);
  const limits = { mibPerHour: least, filesPerHour: FILES_PER_HOUR };
  return { warm, growths: growths(warm, limits), restarted: restarted(samples), stored: kept };
}
