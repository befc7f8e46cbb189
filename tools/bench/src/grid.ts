import { allFailures, memoryByName, type Memory, type Measurement } from '@sockshop/measure';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchShop, orNoted, type Run, type Variant } from './bench-shop.ts';
import { flagsOf, serversOf } from './describe-shop.ts';
import { journey, type JourneyName, ordersIn } from './journeys.ts';
import type { BenchOptions } from './options.ts';
import type { Cell, Result, Shop, Spread, Tracing } from './result.ts';
import { seedOrders } from './seed-orders.ts';
import { rounded, spreadOf } from './spread.ts';

/** Where only one number of connections is compared, it is this one. */
const USUAL_CONNECTIONS = 10;
/** Journeys that also go to front-end itself, past the router: a page that front-end serves alone, and one that it asks catalogue for. */
const DIRECT: readonly JourneyName[] = ['home', 'catalogue'];
/** After a start, before the memory at rest is read. */
const REST_MS = 3000;

interface Sample extends Measurement {
  readonly ratio: number;
}

interface Place extends Variant {
  readonly journey: JourneyName;
  readonly connections: number;
  /** Past the router. */
  readonly direct: boolean;
}

interface ShopSamples {
  readonly readyMs: number[];
  readonly idle: Map<string, Memory>[];
  readonly loaded: Map<string, Memory>[];
  flags: Record<string, string>;
  servers: Record<string, string>;
}

/**
 * Every journey with every number of connections in every shop, in rounds: a change of the machine's speed hits all of them. A further
 * round begins when as long a one as the longest so far ends before the deadline.
 */
export async function measureGrid(
  options: BenchOptions,
  run: Run,
  deadline: number,
): Promise<Pick<Result, 'rounds' | 'reference' | 'shops' | 'cells' | 'direct'>> {
  const { rounds } = options;
  const { signal, say } = run;
  const cells = new Map<string, { place: Place; samples: Sample[] }>();
  const shops = new Map<string, { variant: Variant; samples: ShopSamples }>();
  const reference = new Map<number, number[]>();
  const variants = options.ways.flatMap((way) =>
    options.tracing.map((tracing) => ({ way, tracing })),
  );
  let done = 0;
  let longestMs = 0;
  for (let round = 1; round <= rounds; round++) {
    const startedAt = performance.now();
    if (done > 0 && startedAt + longestMs > deadline) {
      say(`round ${round} would take until after the time given`);
      break;
    }
    for (const variant of variants) {
      const title = `round ${round} of ${rounds}, ${variant.way}, tracing ${variant.tracing}`;
      const bench = await orNoted(run, title, BenchShop.start(variant, run));
      if (!bench) continue;
      try {
        say(`${title}: ready in ${(bench.shop.readyMs / 1000).toFixed(1)} s`);
        const samples = kept(shops, keyOf(variant), variant);
        samples.readyMs.push(bench.shop.readyMs);
        if (round === 1) {
          samples.flags = flagsOf(bench.shop);
          samples.servers = await serversOf(bench.shop);
          for (const name of options.journeys) await orNoted(run, name, seed(bench, name));
        }
        await sleep(REST_MS, undefined, { signal });
        samples.idle.push(memoryByName(bench.shop.processes()));
        for (const connections of connectionsOf(options, variant.tracing)) {
          const { totalMs } = await bench.reference(connections);
          reference.set(connections, [...(reference.get(connections) ?? []), totalMs]);
          for (const [name, direct] of loadsOf(options, variant, round)) {
            const load = journey(name, bench.facts);
            const url = direct ? bench.shop.part('front-end').url : undefined;
            const measurement = await bench.measure(name, load, connections, url);
            if (!measurement) continue;
            const place = { ...variant, journey: name, connections, direct };
            const key = keyOf(place);
            const cell = cells.get(key) ?? { place, samples: [] };
            cells.set(key, cell);
            const sample = { ...measurement, ratio: measurement.totalMs / totalMs };
            cell.samples.push(sample);
            const past = direct ? ', past the router' : '';
            say(`  ${name}${past}, ${connections} connections: ${lineOf(sample)}`);
          }
        }
        samples.loaded.push(memoryByName(bench.shop.processes()));
      } finally {
        await bench.stop();
      }
    }
    done = round;
    longestMs = Math.max(longestMs, performance.now() - startedAt);
  }
  const cellsOf = (direct: boolean): Cell[] =>
    [...cells.values()]
      .filter(({ place }) => place.direct === direct)
      .map(({ place, samples }) => cellOf(place, samples));
  return {
    rounds: done,
    reference: Object.fromEntries([...reference].map(([c, values]) => [c, spreadOf(values)])),
    shops: [...shops.values()].map(({ variant, samples }) => shopOf(variant, samples)),
    cells: cellsOf(false),
    direct: cellsOf(true),
  };
}

/** Each journey, and whether it goes past the router: first in every other round, as the second of two finds the code compiled. */
function loadsOf(
  { journeys }: BenchOptions,
  { way, tracing }: Variant,
  round: number,
): (readonly [JourneyName, boolean])[] {
  const compared = way === 'distributed' && tracing === 'on';
  const both = round % 2 === 0 ? [true, false] : [false, true];
  return journeys.flatMap((name) =>
    (compared && DIRECT.includes(name) ? both : [false]).map((direct) => [name, direct] as const),
  );
}

/** With both, tracing is off only where the two are compared. */
function connectionsOf(
  { connections, tracing, everyCell }: BenchOptions,
  now: Tracing,
): readonly number[] {
  if (now === 'on' || everyCell || tracing.length === 1) return connections;
  return connections.includes(USUAL_CONNECTIONS) ? [USUAL_CONNECTIONS] : connections.slice(0, 1);
}

async function seed(bench: BenchShop, name: JourneyName): Promise<void> {
  const orders = ordersIn(name);
  if (orders !== undefined) await seedOrders(bench, orders);
}

export function lineOf(sample: Sample): string {
  const { totalMs, ratio, iterations, seconds, latency, failures } = sample;
  const wrong = Object.values(failures).reduce((total, count) => total + count, 0);
  return [
    `${totalMs.toFixed(2)} ms CPU, ${ratio.toFixed(0)} times the reference`,
    `${(iterations / seconds).toFixed(0)}/s`,
    `p50 ${latency.p50.toFixed(1)} ms, p99 ${latency.p99.toFixed(1)} ms`,
    ...(wrong > 0 ? [`${wrong} failures`] : []),
  ].join(', ');
}

function cellOf({ direct: _direct, ...place }: Place, samples: readonly Sample[]): Cell {
  const spread = (value: (sample: Sample) => number): Spread => spreadOf(samples.map(value));
  const names = Object.keys(samples[0]?.cpuMs ?? {});
  const medians = names.map(
    (name) => [name, spread(({ cpuMs }) => cpuMs[name] ?? 0).median] as const,
  );
  return {
    ...place,
    cpuMs: spread(({ totalMs }) => totalMs),
    ratio: spread(({ ratio }) => ratio),
    processes: Object.fromEntries(medians.filter(([, ms]) => ms >= 0.005)),
    perSecond: spread(({ iterations, seconds }) => iterations / seconds),
    p50: spread(({ latency }) => latency.p50),
    p95: spread(({ latency }) => latency.p95),
    p99: spread(({ latency }) => latency.p99),
    requests: samples.reduce((total, { iterations }) => total + iterations, 0),
    failures: allFailures(...samples.map(({ failures }) => failures)),
  };
}

function shopOf(variant: Variant, samples: ShopSamples): Shop {
  const { flags, servers, readyMs, idle, loaded } = samples;
  const [first = 0, ...later] = readyMs;
  return {
    ...variant,
    flags,
    servers,
    firstReadyMs: rounded(first),
    ...(later.length > 0 && { readyMs: spreadOf(later) }),
    idle: medianMemory(idle),
    loaded: medianMemory(loaded),
  };
}

function medianMemory(samples: readonly Map<string, Memory>[]): Shop['idle'] {
  const names = [...(samples[0]?.keys() ?? [])];
  const median = (name: string, kind: 'pss' | 'rss'): number =>
    spreadOf(samples.map((each) => each.get(name)?.[kind] ?? 0)).median;
  return Object.fromEntries(
    names.map((name) => [name, { pss: median(name, 'pss'), rss: median(name, 'rss') }]),
  );
}

function kept(
  shops: Map<string, { variant: Variant; samples: ShopSamples }>,
  key: string,
  variant: Variant,
): ShopSamples {
  const known = shops.get(key);
  if (known) return known.samples;
  const samples = { readyMs: [], idle: [], loaded: [], flags: {}, servers: {} };
  shops.set(key, { variant, samples });
  return samples;
}

function keyOf(place: Variant | Place): string {
  return Object.values(place).join(' ');
}
