import { CommandError } from '@sockshop/cli';
import { BenchShop, journey } from '@sockshop/bench';
import { memoryByName, type OwnShop } from '@sockshop/measure';
import { SERVICE_NAMES } from '@sockshop/parts';
import type { Say, WayName } from '@sockshop/supervisor';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchOf } from '../../../deploy/commands.mjs';
import { countFigures, pageFigures, type Values } from './exact-figures.ts';
import { COUNTS, JOURNEYS, LOADS, nameOf } from './figures.ts';

const CONNECTIONS = 10;
const ROUNDS = 3;
const SECONDS = 3;
/** A shop that has just started still works: it compiles, and connects. */
const REST_MS = 10_000;
const LOADED = ['--shoppers', '20', '--duration', '60s'];
const STARTS = 3;

/**
 * Everything of one way that is chosen, on a shop of its own in this folder: starts, memory at rest, counts, CPU time, then memory after
 * load.
 */
export async function shopFigures(
  way: WayName,
  folder: string,
  chosen: ReadonlySet<string>,
  say: Say,
  signal: AbortSignal,
): Promise<Values> {
  const values: Record<string, number> = {};
  const wanted = (...names: string[]): boolean => names.some((name) => chosen.has(name));
  const run = { folder, seconds: SECONDS, signal, say, errors: [] };
  const begin = (): Promise<BenchShop> => BenchShop.start({ way, tracing: 'on' }, run);
  say(`${way}: starting a shop`);
  let bench = await begin();
  try {
    const ready = nameOf.ready(way);
    if (wanted(ready)) {
      const starts: number[] = [];
      for (let nth = 0; nth < STARTS; nth++) {
        await bench.stop();
        bench = await begin(); // its data are there
        starts.push(bench.shop.readyMs);
      }
      values[ready] = Math.min(...starts) / bareNodeMs();
    }
    const idle = nameOf.memory('idle', way);
    if (wanted(idle)) {
      await sleep(REST_MS, undefined, { signal });
      values[idle] = memoryMib(bench.shop);
    }
    const counts = JOURNEYS.flatMap((name) => COUNTS.map((what) => nameOf.count(what, name, way)));
    if (wanted(...counts)) Object.assign(values, await countFigures(bench.shop));
    if (way === 'embedded' && wanted(nameOf.page('raw'), nameOf.page('compressed')))
      Object.assign(values, await pageFigures(bench.shop.url));
    for (const load of LOADS) {
      const name = nameOf.cpu(load, way);
      if (!wanted(name)) continue;
      say(`${way}: CPU time of ${load}`);
      values[name] = await cpuRatio(bench, load);
    }
    const loaded = nameOf.memory('loaded', way);
    if (wanted(loaded)) {
      say(`${way}: 60 s of 20 shoppers`);
      await shoppers(bench.shop, signal);
      values[loaded] = memoryMib(bench.shop);
    }
  } finally {
    await bench.stop();
  }
  return values;
}

/** Of all processes, to the reference in the same round: the median of the rounds. */
async function cpuRatio(bench: BenchShop, load: (typeof LOADS)[number]): Promise<number> {
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const reference = await bench.reference(CONNECTIONS);
    const measured = await bench.measure(load, journey(load, bench.facts), CONNECTIONS);
    if (!measured) throw new CommandError(`${load} could not be measured`);
    const { totalMs, failures } = measured;
    const [failure] = Object.keys(failures);
    if (failure !== undefined) throw new CommandError(`${load}: ${failure}`);
    ratios.push(totalMs / reference.totalMs);
  }
  return ratios.toSorted((one, other) => one - other)[Math.floor(ROUNDS / 2)] ?? 0;
}

/** PSS: of the eight services together, or of the one process that is the whole shop. */
function memoryMib(shop: OwnShop): number {
  const names: readonly string[] = shop.way === 'embedded' ? ['shop'] : SERVICE_NAMES;
  const memory = memoryByName(shop.processes());
  return names.reduce((sum, name) => sum + (memory.get(name)?.pss ?? 0), 0) / 1024;
}

/** The shortest of some: what else the machine does only makes it longer. */
function bareNodeMs(): number {
  const times = Array.from({ length: 10 }, () => {
    const startedAt = performance.now();
    execFileSync(process.execPath, ['-e', '0'], { env: { ...process.env, NODE_OPTIONS: '' } });
    return performance.now() - startedAt;
  });
  return Math.min(...times);
}

async function shoppers({ url }: OwnShop, signal: AbortSignal): Promise<void> {
  const { program, parameters, env } = launchOf('load', ['--url', url, ...LOADED]);
  const load = spawn(program, parameters, { stdio: 'ignore', env, signal });
  const [code] = (await once(load, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`the load generator ended with ${String(code)}`);
}
