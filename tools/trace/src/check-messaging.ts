import type { Data } from './data.ts';
import { isMessaging, messagingOperation, text, title } from './facts.ts';
import type { Findings } from './finding.ts';
import type { Node } from './forest.ts';
import type { SpanLink } from './span.ts';

/** Whether messages have a span at each end, of the right kinds, which are linked. */
export function checkMessaging(data: Data, found: Findings): void {
  const linked = linkedSpans(data);
  const consumed = consumedDestinations(data, linked);
  for (const trace of data.traces)
    for (const node of trace.nodes) {
      const { span } = node;
      if (isMessaging(span)) {
        attributes(node, found);
        name(node, found);
        kind(node, found);
      }
      if (span.kind === 'PRODUCER') producer(node, consumed, linked, found);
      if (span.kind === 'CONSUMER') consumer(node, found);
      for (const link of span.links) broken(link, node, linked, found);
    }
}

interface Linked {
  /** Ids of spans that others link to. */
  readonly targets: ReadonlySet<string>;
  /** Ids of all spans, by trace; without those traces that have lost spans. */
  readonly traces: ReadonlyMap<string, ReadonlySet<string>>;
}

function linkedSpans({ traces }: Data): Linked {
  const targets = new Set<string>();
  const wanted = new Set<string>();
  for (const { nodes } of traces)
    for (const { span } of nodes)
      for (const { traceId, spanId } of span.links) {
        targets.add(spanId);
        wanted.add(traceId.slice(-16));
      }
  const known = new Map<string, ReadonlySet<string>>();
  for (const { key, nodes, orphaned } of traces)
    if (wanted.has(key) && orphaned.size === 0)
      known.set(key, new Set(nodes.map(({ span }) => span.id)));
  return { targets, traces: known };
}

function destination({ span }: Node): string {
  const name = text(span, 'messaging.destination.name', 'messaging.destination') ?? span.name;
  return `${span.service} ${name}`;
}

function isConsumed({ span, children }: Node, { targets }: Linked): boolean {
  const further = children.some(({ span: { kind } }) => kind === 'CONSUMER' || kind === 'PRODUCER');
  return targets.has(span.id) || further;
}

/** Destinations, with their producer, of which some message has a consumer: the others need no consumer. */
function consumedDestinations({ traces }: Data, linked: Linked): Set<string> {
  const result = new Set<string>();
  for (const { nodes } of traces)
    for (const node of nodes)
      if (node.span.kind === 'PRODUCER' && isConsumed(node, linked)) result.add(destination(node));
  return result;
}

function attributes(node: Node, found: Findings): void {
  const { span } = node;
  const required: readonly (readonly string[])[] = [
    ['messaging.system', 'messaging.system.name'],
    ['messaging.operation.name', 'messaging.operation'],
    ['messaging.operation.type', 'messaging.operation'],
    [
      'messaging.destination.name',
      'messaging.destination',
      'messaging.destination.template',
      'messaging.destination.anonymous',
    ],
  ];
  // Names of before: what sends needed no operation then.
  const isOld =
    text(
      span,
      'messaging.destination',
      'messaging.destination_kind',
      'messaging.destination.kind',
    ) !== undefined;
  for (const names of required) {
    const [newest = ''] = names;
    if (isOld && newest.startsWith('messaging.operation')) continue;
    if (text(span, ...names) === undefined)
      found.add('T13a', `${newest} is missing: ${title(span)}`, node);
  }
}

function name(node: Node, found: Findings): void {
  const { span } = node;
  const operation = text(span, 'messaging.operation.name');
  if (operation === undefined) return;
  const given = span.name.toLowerCase();
  const start = operation.toLowerCase();
  const target = text(
    span,
    'messaging.destination.template',
    'messaging.destination.name',
  )?.toLowerCase();
  if (given === start || given === `${start} ${target ?? ''}`.trim()) return;
  if (given.startsWith(`${start} `) && !target) return;
  if (
    given.startsWith(`${start} `) &&
    text(span, 'messaging.destination.temporary', 'messaging.destination.anonymous')
  )
    return;
  found.add('T13c', `${title(span)} instead of \`${start} ${target ?? ''}\``, node);
}

function kind(node: Node, found: Findings): void {
  const { span } = node;
  const operation = messagingOperation(span);
  if (operation === 'send' && span.kind !== 'PRODUCER' && !hasCreated(node))
    found.add('T13b', title(span), node);
  else if (operation === 'create' && span.kind !== 'PRODUCER') found.add('T13b', title(span), node);
  else if (operation === 'process' && span.kind !== 'CONSUMER') found.add('T14', title(span), node);
  else if (operation === 'settle' && span.kind !== 'CLIENT') found.add('T15', title(span), node);
  else if (
    operation === 'receive' &&
    span.kind !== 'CLIENT' &&
    text(span, 'messaging.operation.type') !== undefined
  )
    found.add('T15', title(span), node);
}

/** A batch is sent by a CLIENT span where each of its messages has a span that made it. */
function hasCreated({ span, children }: Node): boolean {
  return (
    span.links.length > 0 || children.some((child) => messagingOperation(child.span) === 'create')
  );
}

function producer(
  node: Node,
  consumed: ReadonlySet<string>,
  linked: Linked,
  found: Findings,
): void {
  if (node.span.status === 'ERROR' || isConsumed(node, linked)) return;
  if (consumed.has(destination(node))) found.add('T16a', title(node.span), node);
}

function consumer(node: Node, found: Findings): void {
  const { span, parent } = node;
  if (!parent) return;
  const sender = parent.span;
  if (
    sender.kind !== 'PRODUCER' &&
    sender.kind !== 'CONSUMER' &&
    !isMessaging(sender) &&
    span.links.length === 0
  )
    found.add('T16b', `${title(span)} below ${title(sender)}`, node);
  else if (span.form === 'otlp' && span.links.length === 0) found.add('T17a', title(span), node);
}

function broken(link: SpanLink, node: Node, { traces }: Linked, found: Findings): void {
  const { span } = node;
  const trace = link.traceId.slice(-16);
  if (
    !/^[0-9a-f]{32}$/.test(link.traceId) ||
    !/^[0-9a-f]{16}$/.test(link.spanId) ||
    /^0+$/.test(link.traceId) ||
    /^0+$/.test(link.spanId)
  )
    found.add('T17b', `${title(span)}: to no valid id`, node);
  else if (link.spanId === span.id && trace === node.trace.key)
    found.add('T17b', `${title(span)}: to itself`, node);
  else if (traces.get(trace)?.has(link.spanId) === false)
    found.add('T17b', `${title(span)}: to a span that its trace does not have`, node);
}
