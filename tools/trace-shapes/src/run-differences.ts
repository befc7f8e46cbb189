import type { Span } from '@sockshop/trace';
import { edgesOf } from './edges.ts';
import { type JourneyTree, journeyTrees, type PathNode } from './journey-tree.ts';
import { type Placed, placeDifferences } from './shape-differences.ts';
import { meansDiffer, median, rankZ } from './statistics.ts';

/** Fewer say nothing about latency. */
const LEAST_TRACES = 8;
/** Of the rank test: about one in 30,000 by chance, as each place of each tree is tested. */
const SURE_Z = 4;
/** A shift below half a millisecond is the noise of a machine. */
const LEAST_SHIFT_US = 500;

export type ChangeKind =
  'added' | 'missing' | 'moved' | 'outcome' | 'count' | 'failures' | 'edge' | 'latency';

export interface RunDifference {
  /** Title of the root of the traces; undefined for what is about the whole run. */
  readonly journey: string | undefined;
  readonly kind: ChangeKind;
  /** A whole sentence. */
  readonly words: string;
}

/** What changed from the run `before` to the run `after`. A shift of latency counts from `leastShift`, a share of the median. */
export function runDifferences(
  before: readonly Span[],
  after: readonly Span[],
  leastShift: number,
): RunDifference[] {
  const [was, is] = [journeyTrees(before), journeyTrees(after)];
  const titles = new Set([...was.keys(), ...is.keys()]);
  return [
    ...edgeDifferences(before, after),
    ...[...titles].sort().flatMap((title) => {
      const [old, now] = [was.get(title), is.get(title)];
      if (old && now) return treeDifferences(title, old, now, leastShift);
      const kind: ChangeKind = old ? 'missing' : 'added';
      const traces = (old ?? now)?.traces ?? 0;
      const words = `${old ? 'missing' : 'new'}: traces that begin with ${title} (${traces})`;
      return [{ journey: title, kind, words }];
    }),
  ];
}

function edgeDifferences(before: readonly Span[], after: readonly Span[]): RunDifference[] {
  const [was, is] = [edgesOf(before), edgesOf(after)];
  const edge = (words: string): RunDifference => ({ journey: undefined, kind: 'edge', words });
  return [
    ...[...was].filter(([name]) => !is.has(name)).map(([name]) => edge(`missing edge: ${name}`)),
    ...[...is]
      .filter(([name]) => !was.has(name))
      .map(([name, calls]) => edge(`new edge: ${name} (${calls} calls)`)),
  ];
}

function treeDifferences(
  journey: string,
  old: JourneyTree,
  now: JourneyTree,
  leastShift: number,
): RunDifference[] {
  const gone: Placed[] = [];
  const come: Placed[] = [];
  const found: RunDifference[] = [];
  const compare = (was: PathNode, is: PathNode, path: readonly string[]): void => {
    const say = (kind: ChangeKind, words: string | undefined): void => {
      if (words !== undefined) found.push({ journey, kind, words });
    };
    const where = path.length === 0 ? '' : `, below ${path.at(-1) ?? ''}`;
    say('count', countWords(was, old, is, now, where));
    say('failures', failureWords(was, is, where));
    if (path.length === 0) say('latency', shiftWords('as a whole', was.durations, is.durations));
    say('latency', shiftWords('by itself', was.ownTimes, is.ownTimes, where));
    const below = [...path, is.title];
    for (const child of was.children) {
      const partner = is.children.find(({ title }) => title === child.title);
      if (partner) compare(child, partner, below);
      else gone.push({ node: child, path: below });
    }
    for (const child of is.children)
      if (!was.children.some(({ title }) => title === child.title))
        come.push({ node: child, path: below });

    function shiftWords(
      which: string,
      a: readonly number[],
      b: readonly number[],
      place = '',
    ): string | undefined {
      const [from, to] = [median(a), median(b)];
      const shift = Math.abs(to - from);
      if (Math.min(old.traces, now.traces) < LEAST_TRACES) return undefined;
      if (shift < LEAST_SHIFT_US || shift < leastShift * from) return undefined;
      if (Math.abs(rankZ(a, b)) < SURE_Z) return undefined;
      const faster = to < from ? 'faster' : 'slower';
      return `${faster} ${which}: ${is.title}${place}, median ${ms(from)} before, ${ms(to)} now`;
    }
  };
  compare(old.root, now.root, []);
  const places = placeDifferences(gone, come).map(({ kind, words }) => ({ journey, kind, words }));
  return [...places, ...found];
}

function countWords(
  was: PathNode,
  old: JourneyTree,
  is: PathNode,
  now: JourneyTree,
  where: string,
): string | undefined {
  const [a, b] = [filled(was.counts, old.traces), filled(is.counts, now.traces)];
  if (!meansDiffer(a, b)) return undefined;
  return `${is.title}${where}: ${each(a)} a trace before, ${each(b)} now`;
}

function failureWords(was: PathNode, is: PathNode, where: string): string | undefined {
  const flags = ({ failures, durations }: PathNode): number[] =>
    filled(Array<number>(failures).fill(1), durations.length);
  if (!meansDiffer(flags(was), flags(is))) return undefined;
  const share = ({ failures, durations }: PathNode): string => `${failures} of ${durations.length}`;
  return `${is.title}${where}: ${share(was)} failed before, ${share(is)} now`;
}

/** With a 0 for each trace that did not come there. */
function filled(counts: readonly number[], length: number): number[] {
  return Array.from({ length }, (_, index) => counts[index] ?? 0);
}

function each(counts: readonly number[]): string {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return Number.isInteger(mean) ? String(mean) : mean.toFixed(2);
}

function ms(us: number): string {
  return `${(us / 1000).toFixed(1)} ms`;
}
