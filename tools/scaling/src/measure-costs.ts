import { CommandError } from '@sockshop/cli';
import { BenchShop, journey } from '@sockshop/bench';
import { journeyTraces, machine } from '@sockshop/measure';
import { type Stored, stored, WatchedShop } from '@sockshop/soak';
import { readState, type Say, type WayName } from '@sockshop/supervisor';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Check, Costs, JourneyCosts, WayCosts } from './costs.ts';
import { OpenLoad } from './open-load.ts';
import { capacityOf } from './shop-model.ts';

const CONNECTIONS = 10;
const ROUNDS = 3;
/** A round with failures is repeated. */
const MOST_ROUNDS = 6;
const SECONDS = 5;
/** Of the rate at which the machine has no time left. The first one calibrates the wait, the others check the model. */
const SHARES = [0.1, 0.3, 0.5, 0.7, 0.85];
const CHECK_SECONDS = 20;
/** Of the generator before it was measured, in ms per request of a flow. */
const GENERATOR_MS = 0.3;

/** Share of flows that may fail: on a busy machine a deadline is missed now and then. */
const FAILURES = 0.02;

/** Starts a shop of each way and measures what the model needs: some ten minutes. */
export async function measureCosts(say: Say, signal: AbortSignal): Promise<Costs> {
  const embedded = await measureWay('embedded', say, signal);
  const distributed = await measureWay('distributed', say, signal);
  return { machine: machine(), ways: { embedded, distributed } };
}

async function measureWay(way: WayName, say: Say, signal: AbortSignal): Promise<WayCosts> {
  const folder = mkdtempSync(join(tmpdir(), 'sock-shop-scaling-'));
  const run = { folder, seconds: SECONDS, signal, say, errors: [] };
  say(`${way}: starting a shop`);
  try {
    const bench = await BenchShop.start({ way, tracing: 'on' }, run);
    try {
      const traces = await journeyTraces(bench.shop);
      say(`${way}: CPU time of catalogue and order`);
      const catalogueMs = await cpuOf(bench, 'catalogue');
      const watched = WatchedShop.running(bench.shop.dir);
      const before = await stored(watched);
      const orderMs = await cpuOf(bench, 'order');
      const storedBytes = bytesPerOrder(before, await stored(watched));
      const withChecks = async (
        name: 'catalogue' | 'order',
        cpuMs: JourneyCosts['cpuMs'],
      ): Promise<JourneyCosts> => {
        const costs = { cpuMs, traces: traces[name] };
        return { ...costs, checks: await checksOf(bench, name, costs, say) };
      };
      const parts = readState(bench.shop.dir)?.parts ?? [];
      return {
        standIns: parts.filter(({ standIn }) => standIn).map(({ name }) => name),
        catalogue: await withChecks('catalogue', catalogueMs),
        order: await withChecks('order', orderMs),
        storedBytes,
      };
    } finally {
      await bench.stop();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The round whose total is in the middle. */
async function cpuOf(
  bench: BenchShop,
  name: 'catalogue' | 'order',
): Promise<Readonly<Record<string, number>>> {
  const rounds = [];
  for (let attempt = 0; attempt < MOST_ROUNDS && rounds.length < ROUNDS; attempt++) {
    const measured = await bench.measure(name, journey(name, bench.facts), CONNECTIONS);
    const { failures = {}, iterations = 0 } = measured ?? {};
    const failed = Object.values(failures).reduce((sum, each) => sum + each, 0);
    if (measured && failed <= FAILURES * iterations) rounds.push(measured);
  }
  if (rounds.length === 0)
    throw new CommandError(`${name} could not be measured: too many failures`);
  rounds.sort((one, other) => one.totalMs - other.totalMs);
  return rounds[Math.floor(rounds.length / 2)]?.cpuMs ?? {};
}

/** Of the files of each store, logs included. */
function bytesPerOrder(before: Stored, after: Stored): Readonly<Record<string, number>> {
  const orders = (now: Stored): number =>
    now.documents['data.customerOrder'] ?? now.documents['orders.customer_order'] ?? 0;
  const placed = Math.max(1, orders(after) - orders(before));
  return Object.fromEntries(
    Object.entries(after.bytes).map(([name, bytes]) => [
      name,
      (bytes - (before.bytes[name] ?? 0)) / placed,
    ]),
  );
}

async function checksOf(
  bench: BenchShop,
  name: 'catalogue' | 'order',
  costs: Omit<JourneyCosts, 'checks'>,
  say: Say,
): Promise<Check[]> {
  const requests = name === 'order' ? 3 : 1;
  const capacity = capacityOf(
    { ...costs, checks: [] },
    requests * GENERATOR_MS,
    availableParallelism(),
  );
  const load = await OpenLoad.prepare(bench, name, 1);
  try {
    const checks: Check[] = [];
    await load.run(capacity / 4, 3); // connections open
    for (const share of SHARES) {
      const rate = capacity * share;
      say(`${bench.shop.way}: ${name} at ${rate.toFixed(1)}/s`);
      const since = new Date();
      checks.push(await load.run(rate, CHECK_SECONDS));
      if (name === 'order') await bench.shipped(since);
    }
    return checks;
  } finally {
    await load.close();
  }
}
