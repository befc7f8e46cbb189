import type { Data } from './data.ts';
import { callWithoutServer, end, title } from './facts.ts';
import type { Findings } from './finding.ts';
import type { Node, Trace } from './forest.ts';
import { isProbe } from './probes.ts';

/** Whether each trace is one tree that begins where requests come in. */
export function checkStructure(data: Data, found: Findings): void {
  const seenIn = new Map<string, string>();
  const lost = new Set(data.lost.values());
  const missing = callsWithoutServers(data);
  for (const trace of data.traces) {
    for (const node of trace.nodes) {
      if (node.orphan) orphan(node, missing.get(trace), data, found);
      if (node.inCycle) found.add('T52h', `spans of ${node.span.service}`, node);
      reused(node, seenIn, found);
    }
    for (const { node, first } of trace.repeated)
      found.add('T52i', `${repetition(node, first)}: ${title(node.span)}`, node);
    roots(trace, data, lost, found);
    mixture(trace, found);
  }
  repeatedFailures(data, found);
}

/** Looked at for each orphan of their trace. */
const MOST_CALLS = 20;

function callsWithoutServers({ unserved, lost }: Data): Map<Trace, Node[]> {
  const missing = new Map<Trace, Node[]>();
  for (const client of unserved.keys()) {
    if (lost.has(client)) continue;
    const list = missing.get(client.trace) ?? [];
    missing.set(client.trace, list);
    if (list.length < MOST_CALLS) list.push(client);
  }
  return missing;
}

/** Where a process has lost all its spans of a trace, the call that it answered has the finding: orphans are what it called. */
function orphan(
  node: Node,
  calls: readonly Node[] | undefined,
  { unserved, options }: Data,
  found: Findings,
): void {
  const { kind, service, startUs } = node.span;
  const call = calls?.find(
    ({ span }) =>
      startUs >= span.startUs - options.skewUs &&
      (kind === 'CONSUMER' || startUs <= end(span) + options.skewUs),
  );
  const callee = call && unserved.get(call);
  if (call && callee !== undefined && callee !== service) {
    if (!node.trace.orphaned.has(callee)) found.add('T07a', callWithoutServer(call, callee), node);
  } else if (kind === 'SERVER' || kind === 'CONSUMER')
    found.add('T52a', `the caller of ${title(node.span)}`, node);
  else found.add('T52b', `a span of ${service} above ${title(node.span)}`, node);
}

function repetition({ span }: Node, { span: first }: Node): string {
  const isSame = first.name === span.name && first.startUs === span.startUs;
  return isSame ? 'one span was sent twice' : 'two spans have one id';
}

/** A span id must be used once; ids are random, so that two traces with one are no accident. */
function reused(node: Node, seenIn: Map<string, string>, found: Findings): void {
  const { id } = node.span;
  const { key } = node.trace;
  const other = seenIn.get(id);
  if (other === undefined) seenIn.set(id, key);
  else if (other !== key && /[^0]/.test(id))
    found.add('T27d', `an id of ${node.span.service}`, node);
}

function roots(trace: Trace, data: Data, lost: ReadonlySet<Node>, found: Findings): void {
  const known = trace.roots.filter((root) => !lost.has(root));
  const [begin, ...further] = [...known].sort((a, b) => a.span.startUs - b.span.startUs);
  if (!begin) return;
  for (const root of further) found.add('T52c', `beside the first: ${title(root.span)}`, root);
  if (further.length === 0) root(begin, data, found);
}

function root(node: Node, data: Data, found: Findings): void {
  const { span } = node;
  const { entries, jobs } = data.options;
  if (jobs.has(span.name) || !data.serving.has(span.service)) return;
  if (span.kind === 'CONSUMER') {
    if (span.links.length === 0) found.add('T52e', title(span), node);
  } else if (span.kind === 'SERVER') {
    if (isProbe(span)) return;
    const isEntry = entries ? entries.has(span.service) : !data.called.has(span.service);
    if (!isEntry) found.add('T52g', `requests to ${span.service}`, node);
  } else if (span.links.length === 0 && !isBatch(node)) {
    found.add(span.kind === 'INTERNAL' ? 'T52f' : 'T52d', title(span), node);
  }
}

/** Work on several things at once, each with a link to where it came from. */
function isBatch({ children }: Node): boolean {
  return children.some(({ span }) => span.links.length > 0);
}

function mixture(trace: Trace, found: Findings): void {
  const short = trace.nodes.find(({ span }) => /^(?:0{16})?[^.]{16}$/.test(span.traceId));
  const long = trace.nodes.find(({ span }) => /^(?!0{16})[^.]{32}$/.test(span.traceId));
  if (!short || !long) return;
  const cut = trace.nodes.filter(
    ({ span, parent }) => isShort(span.traceId) && !(parent && isShort(parent.span.traceId)),
  );
  for (const node of cut) found.add('T47', `${node.span.service} has 64 bits`, node);
}

function isShort(traceId: string): boolean {
  return traceId.length <= 16 || traceId.startsWith('0'.repeat(16));
}

const ENDLESS = 20;

/** A loop that connects, fails and begins again has a new trace for each time. */
function repeatedFailures(data: Data, found: Findings): void {
  const failures = new Map<string, Node[]>();
  for (const { roots: all } of data.traces)
    for (const node of all) {
      const { span } = node;
      if (span.status !== 'ERROR' || span.kind === 'SERVER' || span.kind === 'CONSUMER') continue;
      const list = failures.get(title(span)) ?? [];
      list.push(node);
      failures.set(title(span), list);
    }
  for (const [what, nodes] of failures)
    if (nodes.length >= ENDLESS) for (const node of nodes) found.add('T20', what, node);
}
