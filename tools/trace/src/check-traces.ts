import type { Data } from './data.ts';
import { path, remoteNames, text, title } from './facts.ts';
import type { Findings } from './finding.ts';
import type { Node, Trace } from './forest.ts';
import { withoutIds } from './ids-in-text.ts';

/** What must be one in a whole trace, and what must not grow. */
export function checkTraces(data: Data, found: Findings): void {
  for (const trace of data.traces) {
    debug(trace, found);
    sampling(trace, found);
    identity(trace, found);
    for (const node of trace.nodes) repeats(node, data, found);
  }
}

function debug({ nodes }: Trace, found: Findings): void {
  for (const node of nodes) {
    const { span, parent } = node;
    if (
      span.form === 'zipkin' &&
      parent?.span.form === 'zipkin' &&
      span.debug !== parent.span.debug
    )
      found.add('T28', `between ${parent.span.service} and ${span.service}`, node);
  }
}

function sampling({ nodes }: Trace, found: Findings): void {
  let first: string | undefined;
  for (const node of nodes) {
    const { span } = node;
    // Without the bits about the parent, flags of 0 mean that the exporter does not write them.
    if (span.flags !== 0 && (span.flags & 1) === 0)
      found.add('T33b', `${span.service} exports spans that are not sampled`, node);
    const threshold = /(?:^|,)\s*ot=(?:[^,]*;)?th:([0-9a-f]+)/.exec(span.traceState)?.[1];
    if (threshold === undefined) continue;
    first ??= threshold;
    if (threshold !== first) found.add('T33b', `${span.service} has another threshold`, node);
  }
}

const IDENTITIES = ['session.id', 'enduser.pseudo.id', 'enduser.id', 'user.id'];

/** Requests that begin or end a session have the one before and the one after. */
const CHANGES = /log-?(?:in|out|on|off)|sign-?(?:in|out|up)|register|auth|session/i;

function identity({ nodes, roots }: Trace, found: Findings): void {
  const changes = roots.some(({ span }) => CHANGES.test(text(span, 'http.route') ?? span.name));
  const before = new Set(nodes.map(({ span }) => text(span, 'session.previous_id')));
  const most = changes ? 2 : 1;
  for (const name of IDENTITIES) {
    const known = new Set<string>();
    for (const node of nodes) {
      const value = text(node.span, name);
      if (value === undefined || known.has(value) || before.has(value)) continue;
      known.add(value);
      if (known.size > most)
        found.add('T58', `more than one ${name}, one of them on ${title(node.span)}`, node);
    }
  }
}

function repeats(node: Node, data: Data, found: Findings): void {
  const { children, span } = node;
  if (children.length <= data.options.repeats || !data.serving.has(span.service)) return;
  const counts = new Map<string, Node[]>();
  for (const child of children) {
    const same = step(child);
    if (same === undefined) continue;
    const list = counts.get(same);
    if (list) list.push(child);
    else counts.set(same, [child]);
  }
  for (const list of counts.values()) {
    const [first] = list;
    if (first && list.length > data.options.repeats)
      found.add('T56', `${title(first.span)} below ${title(span)}`, first, list.length);
  }
}

/** What a step does, without its values; undefined for what is meant to be repeated. */
function step({ span }: Node): string | undefined {
  if (span.links.length > 0) return undefined; // one of a batch, each of its own origin
  if (text(span, 'http.request.resend_count', 'http.resend_count') !== undefined) return undefined;
  const statement = text(span, 'db.query.text', 'db.statement', 'url.template');
  const what = statement ?? withoutIds(path(span) ?? '');
  return [span.kind, span.name, remoteNames(span)[0], what].join('\n');
}
