import { type Span, traceKey } from '@sockshop/trace';

/** What traces with the same root have at one place of their tree. */
export interface PathNode {
  /** `orders CLIENT POST /shipping` */
  readonly title: string;
  /** By title, in the order in which they were met. */
  readonly children: readonly PathNode[];
  /** How often the place was reached, in each trace. */
  readonly counts: readonly number[];
  readonly failures: number;
  /** From start to end, in microseconds. */
  readonly durations: readonly number[];
  /** The part of that in which no child ran. */
  readonly ownTimes: readonly number[];
}

interface Growing {
  readonly title: string;
  readonly children: Growing[];
  readonly counts: number[];
  failures: number;
  readonly durations: number[];
  readonly ownTimes: number[];
}

/** Traces of one root title, laid over each other. */
export interface JourneyTree {
  readonly traces: number;
  readonly root: PathNode;
}

/** By the title of the root. A trace with several roots is counted for each. */
export function journeyTrees(spans: readonly Span[]): Map<string, JourneyTree> {
  const traces = new Map<string, Span[]>();
  for (const span of spans) pushTo(traces, traceKey(span), span);
  const trees = new Map<string, { traces: number; root: Growing }>();
  for (const trace of traces.values()) {
    const children = childrenOf(trace);
    for (const span of children.get(undefined) ?? []) {
      const title = titleOf(span);
      const tree = trees.get(title) ?? { traces: 0, root: grown(title) };
      trees.set(title, tree);
      addSpan(tree.root, span, children, tree.traces);
      tree.traces += 1;
    }
  }
  return trees;
}

/** By the id of the parent; those without one that is there are roots. */
function childrenOf(trace: readonly Span[]): Map<string | undefined, Span[]> {
  const ids = new Set(trace.map(({ id }) => id));
  const children = new Map<string | undefined, Span[]>();
  for (const span of trace) {
    const { parentId } = span;
    pushTo(children, parentId !== undefined && ids.has(parentId) ? parentId : undefined, span);
  }
  return children;
}

/** Walks without recursion: a hostile file may be as deep as it is long. */
function addSpan(
  node: Growing,
  span: Span,
  children: ReadonlyMap<string | undefined, readonly Span[]>,
  trace: number,
): void {
  const open: [Growing, Span][] = [[node, span]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [at, of] = next;
    const below = children.get(of.id) ?? [];
    at.counts[trace] = (at.counts[trace] ?? 0) + 1;
    if (of.status === 'ERROR') at.failures += 1;
    at.durations.push(of.durationUs);
    at.ownTimes.push(ownTime(of, below));
    for (const child of below) {
      const title = titleOf(child);
      let place = at.children.find((each) => each.title === title);
      if (!place) at.children.push((place = grown(title)));
      open.push([place, child]);
    }
  }
}

function grown(title: string): Growing {
  return { title, children: [], counts: [], failures: 0, durations: [], ownTimes: [] };
}

/** Siblings that overlap count once, and a child after its parent's end not at all. */
function ownTime({ startUs, durationUs }: Span, children: readonly Span[]): number {
  const endUs = startUs + durationUs;
  const times = children
    .map((child) => [child.startUs, child.startUs + child.durationUs] as const)
    .sort(([one], [other]) => one - other);
  let covered = 0;
  let until = startUs;
  for (const [from, to] of times) {
    const begin = Math.max(from, until);
    const end = Math.min(to, endUs);
    if (end > begin) {
      covered += end - begin;
      until = end;
    }
  }
  return durationUs - covered;
}

function titleOf({ service, kind, name }: Span): string {
  return `${service} ${kind} ${name.toLowerCase()}`;
}

function pushTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
