import { cpuOf } from './cpu.ts';
import type { Driver } from './driver.ts';
import type { Load, LoadResult } from './load.ts';

const WARM_UP_CONNECTIONS = 10;

/** What is measured: a shop, or the reference. */
export interface Measured {
  /** By name. */
  processes(): ReadonlyMap<string, number>;
}

export interface Measurement extends LoadResult {
  /** CPU time of each process, in ms per iteration. */
  readonly cpuMs: Readonly<Record<string, number>>;
  /** Of all of them. */
  readonly totalMs: number;
}

export interface MeasureOptions {
  /** The same load before, so that its code is compiled, with no more than ten connections. 0: at most an iteration of each. */
  readonly warmUpSeconds: number;
  /** Waits for the work that goes on after the last response, which counts too. */
  readonly settled?: () => Promise<void>;
}

/**
 * Drives the load and reads the CPU time of the processes before it and after it.
 * @throws Error when a process has ended or another one has taken its place
 */
export async function measure(
  measured: Measured,
  driver: Driver,
  load: Load,
  { warmUpSeconds, settled = () => Promise.resolve() }: MeasureOptions,
): Promise<Measurement> {
  const { failures } = await driver.run({ ...load, seconds: 0, variants: [[]] }); // the set-up of all sessions
  const few = Math.min(load.connections, WARM_UP_CONNECTIONS);
  const warmUp = await driver.run({ ...load, seconds: warmUpSeconds, connections: few });
  await settled();
  const processes = measured.processes();
  const before = cpuOf(processes);
  const result = await driver.run(load);
  await settled();
  const after = cpuOf(processes);
  const now = measured.processes();
  for (const [name, pid] of processes)
    if (now.get(name) !== pid) throw new Error(`${name} did not run all the time`);
  const cpuMs: Record<string, number> = {};
  let totalMs = 0;
  for (const [name, ms] of after) {
    const each = (ms - (before.get(name) ?? 0)) / result.iterations;
    cpuMs[name] = each;
    totalMs += each;
  }
  return {
    ...result,
    failures: allFailures(failures, warmUp.failures, result.failures),
    cpuMs,
    totalMs,
  };
}

/** The counts of several loads together. */
export function allFailures(...all: LoadResult['failures'][]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const failures of all)
    for (const [what, count] of Object.entries(failures)) total[what] = (total[what] ?? 0) + count;
  return total;
}
