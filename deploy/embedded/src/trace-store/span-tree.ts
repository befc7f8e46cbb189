import { mergeSpans } from './merge-spans.ts';
import type { Endpoint, Span } from './span.ts';

export interface SpanNode {
  /** Absent on a root that replaces one that was never received. */
  span?: Span;
  parent?: SpanNode;
  children: SpanNode[];
}

/**
 * The spans of one trace as a tree. Caller and callee are two nodes even if they share an id, the callee below; a span without a
 * known parent is a child of the root. The rules are those of Zipkin's `SpanNode`.
 */
export function spanTree(spans: readonly Span[]): SpanNode {
  const merged = mergeSpans(spans);
  const first = merged.find((span) => !span.shared && !span.parentId);
  const root: SpanNode = { ...(first && { span: first }), children: [] };
  const nodes = new Map<string, SpanNode>();
  const parents = new Map<string, string | undefined>();
  for (const span of merged) {
    parents.set(key(span), span.shared ? span.id : span.parentId);
  }
  for (const span of merged) {
    const ownServer = span.parentId && sharedKey(span.parentId, span.localEndpoint);
    // The caller and a server may both have the parent's id: choose the one at the span's own address.
    if (!span.shared && ownServer && parents.has(ownServer)) parents.set(span.id, ownServer);
    if (span === first) {
      parents.delete(span.id);
      continue;
    }
    const node = { span, children: [] };
    nodes.set(key(span), node);
    if (span.shared) nodes.set(sharedKey(span.id), node); // for children without an address
  }
  for (const [child, parent] of parents) {
    const node = nodes.get(child);
    if (node) attach(node, nodes.get(parent ?? '') ?? root);
  }
  return root;
}

/** Visits the tree level by level, without a stand-in root. */
export function* breadthFirst(root: SpanNode): Generator<SpanNode & { span: Span }> {
  const queue = [root];
  for (const node of queue) {
    if (hasSpan(node)) yield node;
    queue.push(...node.children);
  }
}

function hasSpan(node: SpanNode): node is SpanNode & { span: Span } {
  return node.span !== undefined;
}

function attach(node: SpanNode, parent: SpanNode): void {
  node.parent = parent;
  parent.children.push(node);
}

function key({ id, shared, localEndpoint }: Span): string {
  return shared ? sharedKey(id, localEndpoint) : id;
}

/** Several servers may share one client's id: their addresses distinguish them. */
function sharedKey(id: string, { serviceName, ipv4, ipv6, port }: Endpoint = {}): string {
  return [id, serviceName, ipv4, ipv6, port].join(' ');
}
