import { type Slope, theilSen } from './theil-sen.ts';

/** What a process had at a time, in ms since 1970. */
export interface Reading {
  readonly atMs: number;
  readonly value: number;
}

/** How a figure grows, per hour. */
export interface Growth extends Slope {
  /** The lowest value of the first and of the last window. */
  readonly from: number;
  readonly to: number;
}

const WINDOWS = 20;
const LEAST_PER_WINDOW = 3;
const HOUR_MS = 3_600_000;

/**
 * The growth of what remains: memory that a collection frees again rises and falls like a saw, so only the lowest value of each of twenty
 * windows counts. Undefined where there are too few readings, or collections, for ten windows.
 */
export function growthOf(readings: readonly Reading[], collections = Infinity): Growth | undefined {
  const windows = Math.min(WINDOWS, Math.floor(readings.length / LEAST_PER_WINDOW), collections);
  const lowest = Array.from({ length: windows }, (_, index) => {
    const from = Math.floor((index * readings.length) / windows);
    const to = Math.floor(((index + 1) * readings.length) / windows);
    return readings.slice(from, to).reduce((low, each) => (each.value < low.value ? each : low));
  });
  const slope = theilSen(lowest.map(({ atMs, value }) => ({ x: atMs / HOUR_MS, y: value })));
  if (!slope) return undefined;
  return { ...slope, from: lowest[0]?.value ?? 0, to: lowest.at(-1)?.value ?? 0 };
}
