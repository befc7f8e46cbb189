import { compareText, sortedAnnotations, type Endpoint, type Span } from './span.ts';

/**
 * Returns one span for each side of each call, ordered by id, clients first: pieces of a span become one span, and
 * a server with its client's id is marked as shared. The rules are those of Zipkin's `Trace.merge`; all spans are of one trace.
 */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  let sent: Span | undefined; // the first piece of the latest span
  let address: Endpoint = {}; // where it ran, according to its pieces
  for (const span of spans.toSorted(clientsFirst)) {
    const last = merged.at(-1);
    const local = span.localEndpoint ?? {};
    const same = last?.id === span.id;
    if (same && sent?.shared === span.shared && compatible(address, local)) {
      merged[merged.length - 1] = joined(last, span);
      address = { ...local, ...address };
    } else {
      merged.push(same ? sharing(last, span) : span);
      sent = span;
      address = local;
    }
  }
  return merged;
}

/** The first piece wins, except for tags, where the last one wins. */
function joined(first: Span, next: Span): Span {
  const both: Span = { ...next, ...first };
  if (first.localEndpoint && next.localEndpoint) {
    both.localEndpoint = { ...next.localEndpoint, ...first.localEndpoint };
  }
  if (first.remoteEndpoint && next.remoteEndpoint) {
    both.remoteEndpoint = { ...next.remoteEndpoint, ...first.remoteEndpoint };
  }
  if (first.annotations && next.annotations) {
    both.annotations = sortedAnnotations([...first.annotations, ...next.annotations]);
  }
  if (first.tags && next.tags) both.tags = { ...first.tags, ...next.tags };
  if (both.kind === 'CLIENT') delete both.shared; // the second piece may have brought the kind
  return both;
}

/** Some servers join their client's span without marking it, or without its parent. */
function sharing(previous: Span, span: Span): Span {
  const shared = span.shared ?? (previous.kind === 'CLIENT' && span.kind === 'SERVER');
  if (!shared) return span;
  const parentId = span.parentId ?? previous.parentId;
  return { ...span, shared, ...(parentId && { parentId }) };
}

function compatible(a: Endpoint, b: Endpoint): boolean {
  return (['serviceName', 'ipv4', 'ipv6', 'port'] as const).every(
    (field) => a[field] === undefined || b[field] === undefined || a[field] === b[field],
  );
}

function clientsFirst(a: Span, b: Span): number {
  return (
    compareText(a.id, b.id) ||
    side(a) - side(b) ||
    compareEndpoint(a.localEndpoint, b.localEndpoint)
  );
}

function side({ kind, shared }: Span): number {
  if (shared) return 2;
  return kind === 'CLIENT' ? 0 : 1;
}

/** Unknown addresses first: they join the first span of their id. */
function compareEndpoint(a?: Endpoint, b?: Endpoint): number {
  if (!a || !b) return Number(!!a) - Number(!!b);
  return (
    unknownLast(a.serviceName, b.serviceName) ||
    unknownLast(a.ipv4, b.ipv4) ||
    unknownLast(a.ipv6, b.ipv6)
  );
}

function unknownLast(a?: string, b?: string): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return compareText(a, b);
}
