import { isDatabase, isMessaging, remoteNames, text } from './facts.ts';
import type { Node, Trace } from './forest.ts';
import { parentsFirst } from './forest.ts';

/** An edge of the service map. */
export interface Edge {
  readonly parent: string;
  readonly child: string;
  readonly calls: number;
  readonly errors: number;
  /** One of its calls. */
  readonly example: Node;
}

/** The service map by the rules of Zipkin's `DependencyLinker`, keys are `caller -> callee`. */
export function edgesOf(traces: readonly Trace[]): Map<string, Edge> {
  const edges = new Map<string, Edge>();
  const add = (
    parent: string | undefined,
    child: string | undefined,
    failed: boolean,
    node: Node,
  ): void => {
    if (!parent || !child) return;
    const key = `${parent} -> ${child}`;
    const known = edges.get(key) ?? { parent, child, calls: 0, errors: 0, example: node };
    edges.set(key, { ...known, calls: known.calls + 1, errors: known.errors + (failed ? 1 : 0) });
  };
  for (const trace of traces)
    for (const node of parentsFirst(trace)) {
      const here = node.span.service;
      const there = other(node);
      const failed = hasFailed(node);
      switch (node.span.kind) {
        case 'PRODUCER':
          add(here, there, failed, node);
          break;
        case 'CONSUMER':
          add(there, here, failed, node);
          break;
        case 'SERVER': {
          const caller = callerOf(node);
          add(caller?.span.service ?? there, here, failed || sawFailure(caller, node), node);
          break;
        }
        case 'CLIENT':
          if (node.children.length > 0) break; // the server below a client knows better
          sent(node, here, there, failed, add);
          break;
        default: // a local step, or a client that only names both sides
          if (here && there && node.span.form === 'zipkin') sent(node, here, there, failed, add);
      }
    }
  return edges;
}

function sent(
  node: Node,
  here: string,
  there: string | undefined,
  failed: boolean,
  add: (parent: string | undefined, child: string | undefined, failed: boolean, node: Node) => void,
): void {
  const caller = callerOf(node);
  if (caller && caller.span.service !== here) add(caller.span.service, here, false, node);
  add(here || caller?.span.service, there, failed || sawFailure(caller, node), node);
}

/** OTLP has no remote end: attributes name it. */
function other({ span }: Node): string | undefined {
  if (span.form === 'zipkin') return span.remote?.name;
  if (span.kind === 'SERVER') return undefined;
  if (span.kind === 'CLIENT' && isMessaging(span)) return undefined; // acknowledgements draw no edge
  if (isMessaging(span) || isDatabase(span))
    return text(
      span,
      'service.peer.name',
      'server.service.name',
      'peer.service',
      'db.namespace',
      'messaging.system',
      'server.address',
    );
  return remoteNames(span)[0];
}

/** The nearest ancestor that left or entered its process; local steps may lie between. */
function callerOf({ parent }: Node): Node | undefined {
  let at = parent;
  for (let level = 0; at?.span.kind === 'INTERNAL' && level < MOST_LEVELS; level++) at = at.parent;
  return at?.span.service ? at : undefined;
}

/** How far up is looked: a hostile chain must not take quadratic time. */
const MOST_LEVELS = 1000;

/** The server may not notice a failure that its client saw. */
function sawFailure(caller: Node | undefined, { parent }: Node): boolean {
  return (
    caller !== undefined && caller === parent && caller.span.kind === 'CLIENT' && hasFailed(caller)
  );
}

/** Zipkin looks at the tag alone. */
function hasFailed({ span }: Node): boolean {
  return span.form === 'zipkin' ? Object.hasOwn(span.attributes, 'error') : span.status === 'ERROR';
}
