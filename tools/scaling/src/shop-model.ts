import type { Check, JourneyCosts } from './costs.ts';
import { type Flow, type Outcome, simulate, type Station, type Step } from './simulate.ts';

/** Where requests come from; it needs the same cores. */
const GENERATOR = 'generator';
/** They work with as many threads as there are cores. All others are Node's processes, which have one. */
const SERVERS = ['mariadb', 'mongodb', 'rabbitmq', 'zipkin', 'edge-router'];
/** They work after the response, or beside it. */
const LATE = ['zipkin', 'rabbitmq', 'epmd', 'launcher'];
const REQUESTS = 8000;

/** A request passes through the processes as often as its trace says; what its entry does is spread before, between and after. */
export function flowOf(
  { cpuMs, traces }: JourneyCosts,
  generatorCpuMs: number,
  waitMs: number,
): Flow {
  const entry = Object.hasOwn(cpuMs, 'shop') ? 'shop' : 'front-end';
  const isLate = (name: string): boolean => LATE.includes(name) || traces.late.includes(name);
  const parts = Object.entries(cpuMs).filter(([name, ms]) => name !== entry && ms > 0);
  const inside = parts
    .filter(([name]) => !isLate(name))
    .flatMap(([name, ms]) => stepsOf(name, ms, traces));
  inside.sort((one, other) => one.place - other.place);
  // In one process there is nothing between its own steps but what it waits for.
  const slices = inside.length === 0 ? traces.calls + traces.storeCommands + 1 : inside.length + 1;
  const own: Step = { station: entry, cpuMs: (cpuMs[entry] ?? 0) / slices };
  const between =
    inside.length === 0
      ? Array.from({ length: slices - 1 }, () => [own])
      : inside.map(({ step }) => [step, own]);
  const half: Step = { station: GENERATOR, cpuMs: generatorCpuMs / 2 };
  return {
    steps: [half, own, ...between.flat(), { waitMs }, half],
    after: parts.filter(([name]) => isLate(name)).map(([station, ms]) => ({ station, cpuMs: ms })),
  };
}

/** Evenly over the request. */
function stepsOf(
  station: string,
  ms: number,
  { calls, visits, storeCommands }: JourneyCosts['traces'],
): { place: number; step: Step }[] {
  const passages = { mongodb: storeCommands, 'edge-router': calls + 1 };
  const times = { ...visits, ...passages }[station] ?? 1;
  return Array.from({ length: times }, (_, nth) => ({
    place: (nth + 0.5) / times,
    step: { station, cpuMs: ms / times },
  }));
}

/** The rate at which the machine, or a process with one thread, has no time left; per second. */
export function capacityOf({ cpuMs }: JourneyCosts, generatorCpuMs: number, cores: number): number {
  const all = { ...cpuMs, [GENERATOR]: generatorCpuMs };
  const total = Object.values(all).reduce((sum, ms) => sum + ms, 0);
  const single = Object.entries(all).filter(([name]) => !SERVERS.includes(name));
  return 1000 / Math.max(total / cores, ...single.map(([, ms]) => ms));
}

/** What the model says for a rate. */
export function predict(
  costs: JourneyCosts,
  { ratePerSecond, generatorCpuMs }: Pick<Check, 'ratePerSecond' | 'generatorCpuMs'>,
  waitMs: number,
  cores: number,
): Outcome {
  const names = [...Object.keys(costs.cpuMs), GENERATOR];
  const stations = names.map((name): Station => {
    return { name, threads: SERVERS.includes(name) ? cores : 1 };
  });
  const flow = flowOf(costs, generatorCpuMs, waitMs);
  return simulate({
    ...{ cores, stations, flow, ratePerSecond },
    ...{ requests: REQUESTS, seed: 1, spread: 'exponential' },
  });
}

/**
 * The part of the latency that takes no processor and is no queue (wake-ups, timers, disks): what the lowest rate measured beyond what
 * the model says without it.
 */
export function waitOf(costs: JourneyCosts, cores: number): number {
  const [lowest] = costs.checks;
  if (!lowest) return 0;
  return Math.max(0, lowest.meanMs - predict(costs, lowest, 0, cores).meanMs);
}
