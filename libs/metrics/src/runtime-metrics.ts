import {
  constants,
  monitorEventLoopDelay,
  performance,
  PerformanceObserver,
} from 'node:perf_hooks';
import { getHeapSpaceStatistics } from 'node:v8';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { Instruments } from './instruments.ts';

/** Figures of the process (CPU, memory, event loop, GC). The services of a process share one registry. */
export const processRegistry = new Registry();
export const processInstruments = new Instruments(processRegistry);

let watched = false;

/** Begins to measure when someone reads the figures for the first time: prom-client's, and those of the conventions for Node. */
export function watchProcess(): void {
  if (watched) return;
  watched = true;
  collectDefaultMetrics({ register: processRegistry });
  watchEventLoop();
  watchLoopTime();
  watchHeap();
  watchGarbageCollection();
}

const RESOLUTION_MS = 20;
const NANOSECONDS = 1e9;

function watchEventLoop(): void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const shown = (statistic: string, words: string, read: () => number, last = false): void => {
    processInstruments.gauge(
      {
        name: `nodejs.eventloop.delay.${statistic}`,
        unit: 's',
        description: `${words} of the event loop's delay since the last reading`,
        attributes: [],
      },
      '_seconds',
      (gauge) => {
        const value = read();
        gauge.set(Number.isFinite(value) ? value / NANOSECONDS : 0); // without a measurement it is not a number
        if (last) delay.reset();
      },
    );
  };
  shown('min', 'Minimum', () => (delay.count === 0 ? 0 : delay.min));
  shown('max', 'Maximum', () => delay.max);
  shown('mean', 'Mean', () => delay.mean);
  shown('stddev', 'Standard deviation', () => delay.stddev);
  shown('p50', '50th percentile', () => delay.percentile(50));
  shown('p90', '90th percentile', () => delay.percentile(90));
  shown('p99', '99th percentile', () => delay.percentile(99), true);

  let before = performance.eventLoopUtilization();
  processInstruments.gauge(
    {
      name: 'nodejs.eventloop.utilization',
      unit: '1',
      description: 'Share of the time since the last reading in which the event loop was active',
      attributes: [],
    },
    '_ratio',
    (gauge) => {
      const now = performance.eventLoopUtilization();
      gauge.set(performance.eventLoopUtilization(now, before).utilization);
      before = now;
    },
  );
}

function watchLoopTime(): void {
  processInstruments.total(
    {
      name: 'nodejs.eventloop.time',
      unit: 's',
      description: 'Time in which the event loop was in each state',
      attributes: ['nodejs.eventloop.state'],
    },
    () => {
      const { active, idle } = performance.eventLoopUtilization();
      return { active: active / 1000, idle: idle / 1000 };
    },
  );
}

function watchHeap(): void {
  const heap = (name: string, description: string, field: HeapField): void => {
    processInstruments.gauge(
      { name, unit: 'By', description, attributes: ['v8js.heap.space.name'] },
      '_bytes',
      (gauge) => {
        for (const space of getHeapSpaceStatistics()) {
          gauge.set({ v8js_heap_space_name: space.space_name }, space[field]);
        }
      },
    );
  };
  heap('v8js.memory.heap.used', 'Memory of a heap space that is used', 'space_used_size');
  heap('v8js.memory.heap.limit', 'Memory of a heap space that is allocated', 'space_size');
  heap(
    'v8js.memory.heap.space.available_size',
    'Memory of a heap space that is free',
    'space_available_size',
  );
  heap(
    'v8js.memory.heap.space.physical_size',
    'Memory of a heap space that the system has given',
    'physical_space_size',
  );
}

type HeapField = 'space_used_size' | 'space_size' | 'space_available_size' | 'physical_space_size';

/** Seconds; the conventions' advice. */
const GC_BUCKETS = [0.01, 0.1, 1, 10];

function watchGarbageCollection(): void {
  const durations = processInstruments.histogram(
    {
      name: 'v8js.gc.duration',
      unit: 's',
      description: 'Duration of garbage collections',
      attributes: ['v8js.gc.type'],
    },
    GC_BUCKETS,
  );
  const kinds = new Map([
    [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
    [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
    [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
    [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
  ]);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { detail } = entry as { detail?: { kind?: number } }; // of entries of this type
      durations.observeFor(entry.duration / 1000, [kinds.get(detail?.kind ?? 0) ?? 'other']);
    }
  }).observe({ entryTypes: ['gc'] });
}
