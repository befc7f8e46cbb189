import type { Data } from './data.ts';
import { isMessaging, messagingOperation, title } from './facts.ts';
import type { Findings } from './finding.ts';
import type { Node } from './forest.ts';
import { isExport, isProbe, isStaticFile } from './probes.ts';
import { WITHDRAWN } from './withdrawn-names.ts';

/** The default limit of attributes, events and links of a span. */
const LIMIT = 128;

/** What can be said of each span by itself: its ids, its form, its names of attributes, and whether it should be there. */
export function checkForm(data: Data, found: Findings): void {
  for (const trace of data.traces) {
    for (const node of trace.nodes) {
      flaws(node, found);
      withdrawn(node, found);
      limits(node, found);
      noise(node, found);
      if (node.span.form === 'zipkin') zipkin(node, found);
    }
    for (const node of trace.joined) found.add('T45a', title(node.span), node);
  }
}

function flaws(node: Node, found: Findings): void {
  const { span } = node;
  for (const flaw of span.flaws) {
    if (/duration is missing|timestamp is missing|TimeUnixNano is missing/.test(flaw)) continue; // has a rule of its own
    if (flaw.includes(' of a link')) continue;
    const isId = /^(?:traceId|id|spanId|parentId|parentSpanId) /.test(flaw);
    const rule = !isId
      ? span.form === 'zipkin'
        ? 'T41'
        : 'T38'
      : flaw.includes('capital')
        ? 'T27b'
        : 'T27a';
    found.add(rule, `${flaw} on ${span.service || 'spans without a service'}`, node);
  }
  if (/^0{24}|^(.)\1{14}/.test(span.traceId) && /[^0]/.test(span.traceId))
    found.add('T27c', `a trace of ${span.service}`, node);
}

function withdrawn(node: Node, found: Findings): void {
  const { attributes } = node.span;
  for (const name of Object.keys(attributes)) {
    const instead = WITHDRAWN.get(name);
    if (instead === undefined) continue;
    const cause = instead === '' ? `${name}, which nothing replaces` : `${name}, now ${instead}`;
    found.add(ruleOf(name), cause, node);
  }
}

function ruleOf(name: string): 'T01c' | 'T09c' | 'T13d' | 'T36' | 'L01' {
  if (/^(?:http|net)\./.test(name)) return 'T01c';
  if (name.startsWith('db.')) return 'T09c';
  if (name.startsWith('messaging.')) return 'T13d';
  return name === 'peer.service' ? 'T36' : 'L01';
}

function limits(node: Node, found: Findings): void {
  const { attributes, events, links, dropped } = node.span;
  const counts = {
    attributes: Object.keys(attributes).length,
    events: events.length,
    links: links.length,
  };
  for (const what of ['attributes', 'events', 'links'] as const) {
    if (dropped[what] > 0) found.add('T26a', `${what} of ${title(node.span)}`, node);
    if (counts[what] > LIMIT) found.add('T26b', `${what} of ${title(node.span)}`, node);
  }
  if (events.some((event) => event.dropped > 0))
    found.add('T26a', `attributes of events of ${title(node.span)}`, node);
}

function noise(node: Node, found: Findings): void {
  const { span } = node;
  if ((span.kind === 'CLIENT' || span.kind === 'SERVER') && isExport(span))
    found.add('T40', title(span), node);
  else if (span.kind !== 'SERVER') return;
  else if (isProbe(span)) found.add('T08', `probes: ${title(span)}`, node);
  else if (isStaticFile(span)) found.add('T08', `files: ${title(span)}`, node);
}

function zipkin(node: Node, found: Findings): void {
  const { kind, remote, shared, service } = node.span;
  if (shared && kind !== 'SERVER') found.add('T45b', `${kind} spans of ${service}`, node);
  else if (shared && !isJoined(node))
    found.add('T45b', `SERVER spans of ${service} whose client is missing`, node);
  if (remote?.name !== undefined) return;
  if (kind === 'PRODUCER' || kind === 'CONSUMER') found.add('T43a', title(node.span), node);
  if (kind !== 'CLIENT' || node.children.some((child) => child.span.kind === 'SERVER')) return;
  const isAside = isMessaging(node.span) && messagingOperation(node.span) !== 'send'; // acknowledgements draw no edge
  if (!isAside) found.add('T43a', title(node.span), node);
}

function isJoined({ span, parent }: Node): boolean {
  return parent?.span.id === span.id;
}
