import { type Span, traceKey } from '@sockshop/trace';

/**
 * Calls and messages between services, `orders -> shipping`, with how many there were: at a span whose parent is of another service, and
 * at a call whose other end sends no spans, such as a database.
 */
export function edgesOf(spans: readonly Span[]): Map<string, number> {
  const edges = new Map<string, number>();
  const count = (from: string, to: string): void => {
    const name = `${from} -> ${to}`;
    edges.set(name, (edges.get(name) ?? 0) + 1);
  };
  const byId = new Map(spans.map((span) => [keyOf(span, span.id), span]));
  const parents = new Set<Span>();
  for (const span of spans) {
    const parent = span.parentId === undefined ? undefined : byId.get(keyOf(span, span.parentId));
    if (!parent) continue;
    if (parent.service === span.service) continue;
    parents.add(parent);
    count(parent.service, span.service);
  }
  for (const span of spans) {
    const name = span.remote?.name;
    if (name === undefined || parents.has(span) || span.kind === 'SERVER') continue;
    if (span.kind === 'CONSUMER') count(name, span.service);
    else count(span.service, name);
  }
  return edges;
}

function keyOf(span: Span, id: string): string {
  return `${traceKey(span)} ${id}`;
}
