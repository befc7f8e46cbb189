import type { Span } from './span.ts';
import { breadthFirst, spanTree, type SpanNode } from './span-tree.ts';

/** One call that was seen. */
export interface Call {
  parent: string;
  child: string;
  failed: boolean;
}

/** An edge of the service map, as Zipkin answers it: no `errorCount` where nothing failed. */
export interface DependencyLink {
  parent: string;
  child: string;
  callCount: number;
  errorCount?: number;
}

export function sumCalls(calls: Iterable<Call>): DependencyLink[] {
  const links = new Map<string, DependencyLink>();
  for (const { parent, child, failed } of calls) {
    const key = JSON.stringify([parent, child]);
    const link = links.get(key) ?? { parent, child, callCount: 0 };
    link.callCount++;
    if (failed) link.errorCount = (link.errorCount ?? 0) + 1;
    links.set(key, link);
  }
  return [...links.values()];
}

/** The calls one trace shows. The rules are those of Zipkin's `DependencyLinker`, so that the map is the same. */
export function callsOf(spans: readonly Span[]): Call[] {
  return [...breadthFirst(spanTree(spans))].flatMap(callsAt);
}

function callsAt(node: SpanNode & { span: Span }): Call[] {
  const { span } = node;
  const here = span.localEndpoint?.serviceName;
  const there = span.remoteEndpoint?.serviceName;
  const failed = failedIn(span);
  switch (span.kind) {
    case 'PRODUCER':
      return call(here, there, failed); // there is the broker; the consumer never links to its producer
    case 'CONSUMER':
      return call(there, here, failed);
    case 'SERVER':
      return received(node, here, there, failed);
    case 'CLIENT': // below a client is the server that knows better
      return node.children.length > 0 ? [] : sent(node, here, there, failed);
    default: // a local step, or a client that says so only by naming both sides
      return here && there ? sent(node, here, there, failed) : [];
  }
}

/** The caller's own name counts before the one the server has for it. */
function received(node: SpanNode, here?: string, there?: string, failed = false): Call[] {
  const caller = callerOf(node);
  return call(caller?.name ?? there, here, failed || hasSeenFail(caller, node));
}

function sent(node: SpanNode, here?: string, there?: string, failed = false): Call[] {
  const caller = callerOf(node);
  return [
    // The span between was lost, or its client bears the name of the server. Whether it failed is not known.
    ...(caller?.name === here ? [] : call(caller?.name, here, false)),
    ...call(here ?? caller?.name, there, failed || hasSeenFail(caller, node)),
  ];
}

interface Caller {
  name: string;
  span: Span;
}

/** The nearest span above that left or entered its process, if its service is known; local steps may lie between. */
function callerOf({ parent }: SpanNode): Caller | undefined {
  let node = parent;
  while (node && !node.span?.kind) node = node.parent;
  const name = node?.span?.localEndpoint?.serviceName;
  return node?.span && name ? { name, span: node.span } : undefined;
}

/** A server that did not notice may have a client that did: it gave up, or could not read the answer. */
function hasSeenFail(caller: Caller | undefined, { span }: SpanNode): boolean {
  return (
    caller?.span.kind === 'CLIENT' && span?.parentId === caller.span.id && failedIn(caller.span)
  );
}

/** The tag says it, whatever its value; an annotation of that name does not. */
function failedIn({ tags }: Span): boolean {
  return tags !== undefined && Object.hasOwn(tags, 'error');
}

function call(parent: string | undefined, child: string | undefined, failed: boolean): Call[] {
  return parent && child ? [{ parent, child, failed }] : [];
}
