import { run } from '@sockshop/cli';
import { Random } from '@sockshop/loadtest';
import { callersFirst } from '@sockshop/parts';
import { keepPrivate, requireUnclaimed } from '@sockshop/supervisor';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nameOf } from './faults.ts';
import { ChaosError, type FaultResult, Injector } from './inject.ts';
import { isAcknowledged } from './journal-reader.ts';
import { CHAOS, type ChaosOptions, chaosOptions, ROOT } from './options.ts';
import { emptyFolder } from './own-folder.ts';
import { Probe } from './probe.ts';
import { reconcile } from './reconcile.ts';
import { chaosTable } from './report.ts';
import { RunningShop } from './running-shop.ts';
import { Shoppers } from './shoppers.ts';
import { Stores } from './stores.ts';

const LAUNCHER = join(ROOT, 'deploy/distributed/dist/main.js');
const LOAD = join(ROOT, 'loadtest/dist/main.js');
/** A fault with fewer acknowledged orders says nothing. */
const LEAST_ORDERS = 20;
/** After the last shopper has left, the shop finishes what it has begun. It is stuck when it finished nothing for so long. */
const STUCK_MS = 180_000;
/** Findings shown; the counts are of all. */
const SHOWN = 20;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    stop.abort(new ChaosError('stopped before its end'));
  });
CHAOS.action(async (values) => {
  process.exitCode = await chaos(chaosOptions(values));
});
keepPrivate();
await run(CHAOS);

/** The exit code: 0 only when nothing was lost, doubled or left. */
async function chaos(options: ChaosOptions): Promise<number> {
  const { dir, shoppers: count, seed, faults, orders } = options;
  await requireUnclaimed(dir, 'distributed', callersFirst(), console.log);
  emptyFolder(dir);
  const each = Math.max(LEAST_ORDERS, Math.ceil(orders / faults.length));
  console.log(`${faults.length} faults with ${each} orders each, ${count} shoppers, seed ${seed}`);

  const shop = new RunningShop(LAUNCHER, dir);
  let shoppers: Shoppers | undefined;
  try {
    await Promise.race([shop.ready(), stopped()]);
    const probe = new Probe(shop);
    await probe.register();
    shoppers = new Shoppers(LOAD, shop.url, dir, count, seed);
    const injector = new Injector(shop, shoppers, probe, new Random(seed));
    const results: FaultResult[] = [];
    let unfinished: Error | undefined;
    try {
      for (const fault of faults) {
        const startedAt = Date.now();
        results.push(await Promise.race([injector.inject(fault, each), stopped()]));
        console.log(`  ${nameOf(fault)}: ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
      }
    } catch (error) {
      unfinished = error instanceof Error ? error : new Error(String(error)); // what was done until then is worth a look all the more
    }
    await shoppers.stop();
    await shoppers.journal.read();
    const code = await reconciled(options, shop, shoppers, results);
    if (unfinished) throw unfinished;
    return code;
  } finally {
    await shoppers?.stop();
    await shop.stop();
  }
}

async function reconciled(
  { plantLoss, orders }: ChaosOptions,
  shop: RunningShop,
  { journal: { entries } }: Shoppers,
  results: readonly FaultResult[],
): Promise<number> {
  const stores = new Stores(shop.part('mongodb').url ?? '');
  try {
    await settled(stores);
    const acknowledged = entries.filter(isAcknowledged);
    if (plantLoss) {
      const id = acknowledged.at(-1)?.id ?? '';
      if (!(await stores.deleteOrder(id))) throw new ChaosError(`no order ${id} to delete`);
      console.log(`planted: order ${id} is deleted`);
    }
    const findings = reconcile(entries, await stores.read());
    const bystanders = results.flatMap(({ fault, bystanders: ended }) =>
      ended.map((name) => `${name} ended during ${nameOf(fault)}, which did not hit it`),
    );
    const few =
      acknowledged.length < orders ? [`only ${acknowledged.length} orders, not ${orders}`] : [];
    const wrong = [...findings.map(({ kind, what }) => `${kind}: ${what}`), ...bystanders, ...few];

    console.log(`\n${chaosTable(results, entries, findings)}\n`);
    for (const line of wrong.slice(0, SHOWN)) console.log(line);
    if (wrong.length > SHOWN) console.log(`… and ${wrong.length - SHOWN} more`);
    const count = (kind: string) => findings.filter((finding) => finding.kind === kind).length;
    console.log(
      `${acknowledged.length} orders acknowledged: ${count('lost')} lost, ${count('doubled')} doubled, ` +
        `${count('unshipped')} unshipped, ${count('unasked')} unasked; ${count('cart')} cart lines wrong; ` +
        `${bystanders.length} processes ended that were not hit`,
    );
    return wrong.length === 0 ? 0 : 1;
  } finally {
    await stores.close();
  }
}

/** Until nothing is under way any more, or nothing moves any more: what is left then is found. */
async function settled(stores: Stores): Promise<void> {
  let fewest = Infinity;
  let movedAt = Date.now();
  while (Date.now() - movedAt < STUCK_MS) {
    const left = await stores.underWay();
    if (left === 0) return;
    if (left < fewest) movedAt = Date.now();
    fewest = Math.min(fewest, left);
    await sleep(250);
  }
}

/** Rejects when a signal asks the run to end. */
function stopped(): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = (): void => {
      reject(stop.signal.reason as ChaosError); // set where it is aborted
    };
    if (stop.signal.aborted) end();
    else stop.signal.addEventListener('abort', end, { once: true });
  });
}
