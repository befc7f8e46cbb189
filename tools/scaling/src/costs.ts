import type { Machine, TraceCounts } from '@sockshop/measure';
import type { WayName } from '@sockshop/supervisor';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What one journey costs a shop, per request or flow. */
export interface JourneyCosts {
  /** CPU time of each process, in ms. */
  readonly cpuMs: Readonly<Record<string, number>>;
  readonly traces: TraceCounts;
  /** Load at a rate, and what came of it. The first one has the lowest rate. */
  readonly checks: readonly Check[];
}

/** Requests that arrived at a rate, whatever became of those before. */
export interface Check {
  readonly ratePerSecond: number;
  readonly throughputPerSecond: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** CPU time of the generator, in ms per request: it shares the machine's cores. */
  readonly generatorCpuMs: number;
  readonly failures: number;
}

export interface WayCosts {
  readonly catalogue: JourneyCosts;
  readonly order: JourneyCosts;
  /** Servers in whose place another program ran. */
  readonly standIns: readonly string[];
  /** Of the files of each store, bytes per order. */
  readonly storedBytes: Readonly<Record<string, number>>;
}

/** Everything that the model is made of. */
export interface Costs {
  readonly machine: Machine;
  readonly ways: Readonly<Record<WayName, WayCosts>>;
}

export const COSTS_FILE = join(import.meta.dirname, '../costs.json');

export function readCosts(): Costs {
  return JSON.parse(readFileSync(COSTS_FILE, 'utf8')) as Costs; // as written below
}

/** Four digits: more is noise. */
export function writeCosts(costs: Costs): void {
  const rounded = (_key: string, value: unknown): unknown =>
    typeof value === 'number' ? Number(value.toPrecision(4)) : value;
  writeFileSync(COSTS_FILE, `${JSON.stringify(costs, rounded, 2)}\n`);
}
