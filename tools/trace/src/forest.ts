import { type Span, traceKey } from './span.ts';

/** A span in its trace. */
export interface Node {
  readonly span: Span;
  readonly trace: Trace;
  parent: Node | undefined;
  readonly children: Node[];
  /** Its parent's id is that of no span here. */
  orphan: boolean;
  /** One of a ring of spans, each the parent of the next. */
  inCycle: boolean;
}

export interface Trace {
  readonly key: string;
  /** In the order of ids. */
  readonly nodes: Node[];
  /** Spans without a parent's id. */
  readonly roots: Node[];
  /** Spans of an id that another span has, too; the first of them counts. */
  readonly repeated: Repeated[];
  /** Servers that continue their client's id, though they are not marked as such. */
  readonly joined: Node[];
  /** Services with a span, not of a message, whose parent is missing. */
  readonly orphaned: Set<string>;
}

interface Repeated {
  readonly node: Node;
  readonly first: Node;
}

/** Sorts the spans into traces, and each trace into trees. Takes n log n, also with hostile ids. */
export function forestOf(spans: readonly Span[]): Trace[] {
  const sorted = [...spans].sort(compareSpans);
  const traces = new Map<string, Trace>();
  for (const span of sorted) {
    const key = traceKey(span);
    let trace = traces.get(key);
    if (!trace) {
      trace = { key, nodes: [], roots: [], repeated: [], joined: [], orphaned: new Set() };
      traces.set(key, trace);
    }
    trace.nodes.push({
      span,
      trace,
      parent: undefined,
      children: [],
      orphan: false,
      inCycle: false,
    });
  }
  for (const trace of traces.values()) connect(trace);
  return [...traces.values()];
}

/** The spans with one id: the one that made it, and servers that continue it, as B3 allows. */
interface SameId {
  own?: Node;
  readonly joined: Map<string, Node>;
}

function connect(trace: Trace): void {
  const ids = new Map<string, SameId>();
  for (const node of trace.nodes) {
    const same = ids.get(node.span.id) ?? { joined: new Map<string, Node>() };
    ids.set(node.span.id, same);
    place(node, same, trace);
  }
  for (const node of trace.nodes) {
    const { id, parentId, service } = node.span;
    const same = ids.get(id);
    const client = same?.own;
    if (client && client !== node && same.joined.get(service) === node) attach(node, client);
    else if (parentId === undefined) trace.roots.push(node);
    else {
      const parents = ids.get(parentId);
      // Caller and callee may both have the parent's id: the one in the span's own service is meant.
      const parent = parents?.joined.get(service) ?? parents?.own ?? first(parents?.joined);
      if (parent) attach(node, parent);
      else {
        node.orphan = true;
        if (node.span.kind !== 'CONSUMER') trace.orphaned.add(service);
      }
    }
  }
  cutCycles(trace.nodes);
}

function place(node: Node, same: SameId, trace: Trace): void {
  const { shared, kind, service } = node.span;
  const { own, joined } = same;
  if (shared) {
    const first = joined.get(service);
    if (first) trace.repeated.push({ node, first });
    else joined.set(service, node);
  } else if (!own) same.own = node;
  else if (kind === 'SERVER' && own.span.kind === 'CLIENT' && !joined.has(service)) {
    joined.set(service, node);
    trace.joined.push(node);
  } else trace.repeated.push({ node, first: own });
}

function attach(node: Node, parent: Node): void {
  node.parent = parent;
  parent.children.push(node);
}

function first(nodes: Map<string, Node> | undefined): Node | undefined {
  return nodes?.values().next().value;
}

/** Marks the spans of each ring and opens it at its first span. */
function cutCycles(nodes: readonly Node[]): void {
  const seen = new Map<Node, number>();
  let walk = 0;
  for (const start of nodes) {
    walk++;
    let at: Node | undefined = start;
    while (at && !seen.has(at)) {
      seen.set(at, walk);
      at = at.parent;
    }
    if (!at || seen.get(at) !== walk || at.inCycle) continue;
    const ring: Node[] = [];
    for (let each: Node = at; !each.inCycle; each = each.parent ?? each) {
      each.inCycle = true;
      ring.push(each);
    }
    const opened = ring.reduce((one, other) =>
      compareSpans(one.span, other.span) <= 0 ? one : other,
    );
    opened.parent?.children.splice(opened.parent.children.indexOf(opened), 1);
    opened.parent = undefined;
  }
}

/** Parents before children; without recursion, as a chain may be a million spans long. */
export function parentsFirst(trace: Trace): Node[] {
  const order = trace.nodes.filter(({ parent }) => !parent);
  for (const node of order) for (const child of node.children) order.push(child);
  return order;
}

function compareSpans(one: Span, other: Span): number {
  return (
    compare(one.traceId, other.traceId) ||
    compare(one.id, other.id) ||
    compare(KIND_ORDER[one.kind], KIND_ORDER[other.kind]) ||
    compare(one.startUs, other.startUs) ||
    compare(one.service, other.service) ||
    compare(one.name, other.name) ||
    compare(JSON.stringify(one), JSON.stringify(other))
  );
}

/** A client before the server that continues its id. */
const KIND_ORDER = { CLIENT: 0, PRODUCER: 1, INTERNAL: 2, SERVER: 3, CONSUMER: 4 };

function compare<T extends string | number>(one: T, other: T): number {
  return one < other ? -1 : Number(one > other);
}
