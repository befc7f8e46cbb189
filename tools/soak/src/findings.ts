import { type Growth, growthOf, type Reading } from './growth.ts';
import type { ProcessSample, Sample } from './sampler.ts';

export type Figure = 'heap' | 'memory' | 'files' | 'handles';

/** How one figure of one process grows. */
export interface ProcessGrowth {
  readonly process: string;
  readonly figure: Figure;
  /** In MiB for heap and memory. */
  readonly growth: Growth;
  /** Why it may grow; undefined where nothing of the kind is known. */
  readonly byDesign: string | undefined;
  /** It grows by more than the limit, and chance is ruled out. */
  readonly grows: boolean;
}

export interface Limits {
  /** Slower growth of memory cannot be told from caches that fill, in MiB per hour. */
  readonly mibPerHour: number;
  /** Of files and of handles, per hour: a pool opens another connection now and then. */
  readonly filesPerHour: number;
}

/** What keeps the shop's data, or traces up to a limit, in its memory. */
const BY_DESIGN: Readonly<Record<string, string>> = {
  mongodb:
    'the stand-in for MongoDB keeps every document in memory; MongoDB itself fills its cache',
  mariadb: 'its buffer pool fills up to its limit',
  zipkin: 'it keeps up to 40,000 spans, in a heap of at most 192 MiB',
};

const MIB = 1024 * 1024;
const FIGURES: Readonly<Record<Figure, (sample: ProcessSample) => number | undefined>> = {
  heap: ({ heapBytes, outsideBytes = 0 }) =>
    heapBytes === undefined ? undefined : (heapBytes + outsideBytes) / MIB,
  memory: ({ pssKiB }) => pssKiB / 1024,
  files: ({ files }) => files,
  handles: ({ handles }) => handles,
};

/** The growth of every figure of every process. Figures with too few readings, and heaps with too few collections, are left out. */
export function growths(samples: readonly Sample[], limits: Limits): ProcessGrowth[] {
  const names = Object.keys(samples.at(-1)?.processes ?? {});
  return names.flatMap((process) =>
    (Object.keys(FIGURES) as Figure[]).flatMap((figure) => {
      // Between collections of all of it a heap only grows.
      const collections = figure === 'heap' ? collectionsOf(process, samples) : Infinity;
      const growth = growthOf(readings(process, figure, samples), collections);
      if (!growth) return [];
      const isMemory = figure === 'heap' || figure === 'memory';
      const limit = isMemory ? limits.mibPerHour : limits.filesPerHour;
      const byDesign = isMemory ? BY_DESIGN[process] : undefined;
      return [{ process, figure, growth, byDesign, grows: growth.least > limit }];
    }),
  );
}

/** Processes that ended or were started again: their figures say nothing then. */
export function restarted(samples: readonly Sample[]): string[] {
  const first = samples[0]?.processes ?? {};
  return Object.entries(first)
    .filter(([name, { pid }]) => samples.some((each) => each.processes[name]?.pid !== pid))
    .map(([name]) => name);
}

function readings(process: string, figure: Figure, samples: readonly Sample[]): Reading[] {
  return samples.flatMap(({ atMs, processes }) => {
    const of = processes[process];
    const value = of && FIGURES[figure](of);
    return value === undefined ? [] : [{ atMs, value }];
  });
}

function collectionsOf(process: string, samples: readonly Sample[]): number {
  const count = (sample: Sample | undefined): number =>
    sample?.processes[process]?.collections ?? 0;
  return count(samples.at(-1)) - count(samples[0]);
}
