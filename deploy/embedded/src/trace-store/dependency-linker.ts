import type { Span } from './span.ts';
import { breadthFirst, spanTree, type SpanNode } from './span-tree.ts';

/** One observed call. */
export interface Call {
  parent: string;
  child: string;
  failed: boolean;
}

/** An edge of the service map, as Zipkin returns it: no `errorCount` when nothing failed. */
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

/** Returns the calls in one trace. The rules are those of Zipkin's `DependencyLinker`, so the map is the same. */
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
      return call(here, there, failed); // the remote side is the broker; a consumer never links to its producer
    case 'CONSUMER':
      return call(there, here, failed);
    case 'SERVER':
      return received(node, here, there, failed);
    case 'CLIENT': // the server below a client knows better
      return node.children.length > 0 ? [] : sent(node, here, there, failed);
    default: // a local step, or a client that only names both sides
      return here && there ? sent(node, here, there, failed) : [];
  }
}

/** The caller's own name takes precedence over the name that the server uses for it. */
function received(node: SpanNode, here?: string, there?: string, failed = false): Call[] {
  const caller = callerOf(node);
  return call(caller?.name ?? there, here, failed || hasSeenFail(caller, node));
}

function sent(node: SpanNode, here?: string, there?: string, failed = false): Call[] {
  const caller = callerOf(node);
  return [
    // The span between was lost, or its client has the server's name. It is unknown whether the call failed.
    ...(caller?.name === here ? [] : call(caller?.name, here, false)),
    ...call(here ?? caller?.name, there, failed || hasSeenFail(caller, node)),
  ];
}

interface Caller {
  name: string;
  span: Span;
}

/** The nearest ancestor that left or entered its process, if its service is known; local steps may lie between. */
function callerOf({ parent }: SpanNode): Caller | undefined {
  let node = parent;
  while (node && !node.span?.kind) node = node.parent;
  const name = node?.span?.localEndpoint?.serviceName;
  return node?.span && name ? { name, span: node.span } : undefined;
}

/** The server may not notice a failure that its client saw: the client gave up, or could not read the response. */
function hasSeenFail(caller: Caller | undefined, { span }: SpanNode): boolean {
  return (
    caller?.span.kind === 'CLIENT' && span?.parentId === caller.span.id && failedIn(caller.span)
  );
}

/** The tag `error` marks a failure, whatever its value; an annotation of that name does not. */
function failedIn({ tags }: Span): boolean {
  return tags !== undefined && Object.hasOwn(tags, 'error');
}

function call(parent: string | undefined, child: string | undefined, failed: boolean): Call[] {
  return parent && child ? [{ parent, child, failed }] : [];
}
