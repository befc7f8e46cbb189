import { aligned } from '@sockshop/cli';
import type { Growth } from './growth.ts';
import type { Figure, ProcessGrowth } from './findings.ts';
import type { ProcessSample, Sample } from './sampler.ts';
import type { Stored } from './stored.ts';

export interface Outcome {
  /** After the warm-up. */
  readonly warm: readonly Sample[];
  readonly growths: readonly ProcessGrowth[];
  readonly restarted: readonly string[];
  readonly stored: { readonly before: Stored; readonly after: Stored };
}

const HEAD = [
  'process',
  'MiB PSS',
  'MiB/h',
  'heap MiB',
  'MiB/h',
  'loop p99 ms',
  'max',
  'files',
  'handles',
];
const MIB = 1024 * 1024;
const HOUR_MS = 3_600_000;

/** The tables, then what grows, one line each. `failed`: something leaks, or a process ended. */
export function reportOf(outcome: Outcome): { text: string; failed: boolean } {
  const { warm, growths, restarted } = outcome;
  const leaks = growths.filter(({ grows, byDesign }) => grows && byDesign === undefined);
  const known = growths.filter(({ grows, byDesign }) => grows && byDesign !== undefined);
  const ended = restarted.map(
    (name) => `${name} ended or was started again: its figures say nothing`,
  );
  const lines = [
    ...leaks.map((each) => `LEAK: ${named(each, warm)}`),
    ...known.map((each) => `by design: ${named(each, warm)}: ${each.byDesign ?? ''}`),
    ...ended,
  ];
  if (growths.length === 0)
    lines.push('Too few looks to tell growth from noise: give more --minutes.');
  else if (leaks.length === 0) lines.push('No leak.');
  const text = [processTable(outcome), flowLines(warm), storeTable(outcome), lines.join('\n')];
  return { text: text.join('\n\n'), failed: leaks.length > 0 || restarted.length > 0 };
}

function processTable({ warm, growths }: Outcome): string {
  const names = Object.keys(warm.at(-1)?.processes ?? {});
  const rows = names.map((name) => {
    const of = (figure: Figure): Growth | undefined =>
      growths.find((each) => each.process === name && each.figure === figure)?.growth;
    const samples = warm.flatMap(({ processes }) => processes[name] ?? []);
    const last = samples.at(-1);
    const loop = (read: (sample: ProcessSample) => number | undefined): number[] =>
      samples.flatMap((each) => read(each) ?? []).filter(Number.isFinite);
    return [
      name,
      ((last?.pssKiB ?? 0) / 1024).toFixed(0),
      interval(of('memory')),
      last?.heapBytes === undefined ? '–' : (last.heapBytes / MIB).toFixed(0),
      interval(of('heap')),
      rounded(median(loop(({ loopP99Ms }) => loopP99Ms))),
      rounded(Math.max(...loop(({ loopMaxMs }) => loopMaxMs))),
      String(last?.files ?? '–'),
      String(last?.handles ?? '–'),
    ];
  });
  return aligned([HEAD, ...rows]);
}

/** `+1.2 (0.3 to 2.0)`: the slope, and where the true one is. */
function interval(growth: Growth | undefined): string {
  if (!growth) return '–';
  const { slope, least, most } = growth;
  return `${slope.toFixed(1)} (${least.toFixed(1)} to ${most.toFixed(1)})`;
}

function named({ process, figure, growth }: ProcessGrowth, warm: readonly Sample[]): string {
  const { slope, least, most } = growth;
  const { hours, requests, orders } = work(warm);
  if (figure === 'files' || figure === 'handles')
    return `${process}: ${slope.toFixed(0)} more ${figure === 'files' ? 'open files' : 'handles'} an hour (${least.toFixed(0)} to ${most.toFixed(0)})`;
  const per = (count: number): string =>
    `${Math.round((slope * hours * MIB) / Math.max(1, count))} bytes`;
  const what = figure === 'heap' ? 'heap' : 'memory';
  return `${process}: its ${what} grows by ${slope.toFixed(1)} MiB an hour (${least.toFixed(1)} to ${most.toFixed(1)}), ${per(requests)} a request, ${per(orders)} an order`;
}

function work(warm: readonly Sample[]): { hours: number; requests: number; orders: number } {
  const [first, last] = [warm[0], warm.at(-1)];
  return {
    hours: ((last?.atMs ?? 0) - (first?.atMs ?? 0)) / HOUR_MS,
    requests: (last?.requests ?? 0) - (first?.requests ?? 0),
    orders: (last?.orders ?? 0) - (first?.orders ?? 0),
  };
}

function flowLines(warm: readonly Sample[]): string {
  const { hours, requests, orders } = work(warm);
  const per = (count: number): string => (count / Math.max(hours * 3600, 1)).toFixed(1);
  const queued = warm.map((each) => each.queued);
  return [
    `After the warm-up: ${requests} requests (${per(requests)}/s), ${orders} orders (${per(orders)}/s) in ${(hours * 60).toFixed(0)} min.`,
    `Messages that wait for a consumer: at most ${Math.max(0, ...queued)}, at the end ${queued.at(-1) ?? 0}.`,
  ].join('\n');
}

/** Of the whole run, the warm-up included. */
function storeTable({ warm, stored: { before, after } }: Outcome): string {
  const orders = Math.max(1, warm.at(-1)?.orders ?? 0);
  const bytes = Object.keys(after.bytes).map((name) => {
    const grown = (after.bytes[name] ?? 0) - (before.bytes[name] ?? 0);
    return [name, `${(grown / MIB).toFixed(1)} MiB`, `${Math.round(grown / orders)} bytes`];
  });
  const documents = Object.keys(after.documents).map((name) => {
    const grown = (after.documents[name] ?? 0) - (before.documents[name] ?? 0);
    return [name, String(grown), (grown / orders).toFixed(2)];
  });
  return aligned([['stored, by design', 'more', 'per order'], ...bytes, ...documents]);
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}

function rounded(value: number): string {
  return Number.isFinite(value) ? value.toFixed(0) : '–';
}
