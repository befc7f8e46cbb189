import type { Data } from './data.ts';
import type { Findings } from './finding.ts';
import { edgesOf } from './linker.ts';

/** An edge as Zipkin's `/api/v2/dependencies` returns it. */
export interface DependencyLink {
  readonly parent: string;
  readonly child: string;
  readonly callCount: number;
  readonly errorCount?: number;
}

/** Whether the edges are those that were declared, and those that Zipkin draws of the same traces. */
export function checkEdges(
  data: Data,
  drawn: readonly DependencyLink[] | undefined,
  found: Findings,
): void {
  const { edges: declared } = data.options;
  if (!declared && !drawn) return;
  const edges = edgesOf(data.traces);
  if (declared) {
    for (const [key, { calls, errors, example }] of edges)
      if (!declared.required.has(key) && !declared.optional.has(key))
        found.add('T53a', `${key}: ${calls} calls, ${errors} errors`, example, calls);
    for (const key of declared.required) if (!edges.has(key)) found.add('T53b', key);
  }
  if (!drawn) return;
  const counts = new Map<string, DependencyLink>(
    drawn.map((link) => [`${link.parent} -> ${link.child}`, link] as const),
  );
  for (const [key, { calls, errors, example }] of edges) {
    const { callCount = 0, errorCount = 0 } = counts.get(key) ?? {};
    if (callCount !== calls || errorCount !== errors)
      found.add(
        'T43b',
        `${key}: ${callCount} calls and ${errorCount} errors drawn, ${calls} and ${errors} in the spans`,
        example,
        calls,
      );
  }
  for (const [key, { callCount, errorCount = 0 }] of counts)
    if (!edges.has(key))
      found.add(
        'T43b',
        `${key}: ${callCount} calls and ${errorCount} errors drawn, none in the spans`,
      );
}
