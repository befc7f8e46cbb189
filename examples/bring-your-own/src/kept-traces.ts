import { setTimeout as pause } from 'node:timers/promises';

/** In ms: how often the store is asked. */
const AGAIN_MS = 200;

/** How many of these traces the store with Zipkin's API at `url` has. */
export async function keptOf(url: string, traceIds: readonly string[]): Promise<number> {
  let kept = 0;
  for (const id of traceIds) {
    const response = await fetch(new URL(`/api/v2/trace/${id}`, url));
    await response.arrayBuffer();
    if (response.ok) kept++;
  }
  return kept;
}

/** Waits until the store has a trace. @throws Error after `withinMs` */
export async function kept(url: string, traceId: string, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  while ((await keptOf(url, [traceId])) === 0) {
    if (Date.now() > deadline) throw new Error(`the trace ${traceId} was not kept`);
    await pause(AGAIN_MS);
  }
}
