import type { ZipkinSpan } from '@sockshop/tracing';
import { setTimeout as pause } from 'node:timers/promises';

/** In ms: a span is sent up to a second after it ends. */
const WITHIN_MS = 10_000;
const AGAIN_MS = 100;

/**
 * The spans of a trace, from Zipkin's API at `url`, once all have come that the others speak of: every parent, and the SERVER span of
 * every CLIENT span that names a service. What has come is returned after ten seconds, too.
 */
export async function readTrace(url: string, traceId: string): Promise<ZipkinSpan[]> {
  const deadline = Date.now() + WITHIN_MS;
  for (;;) {
    const spans = await spansOf(url, traceId);
    if (isWhole(spans) || Date.now() > deadline) return spans;
    await pause(AGAIN_MS);
  }
}

async function spansOf(url: string, traceId: string): Promise<ZipkinSpan[]> {
  const response = await fetch(new URL(`/api/v2/trace/${traceId}`, url));
  if (response.status === 404) {
    await response.body?.cancel();
    return []; // none has come yet
  }
  if (!response.ok) throw new Error(`${url} answered ${response.status} when asked for a trace`);
  const spans = (await response.json()) as (Omit<ZipkinSpan, 'tags'> & Partial<ZipkinSpan>)[];
  return spans.map((span) => ({ ...span, tags: span.tags ?? {} })); // no tags: no field
}

function isWhole(spans: readonly ZipkinSpan[]): boolean {
  const ids = new Set(spans.map(({ id }) => id));
  const answered = new Set(
    spans.filter(({ kind }) => kind === 'SERVER').map(({ parentId }) => parentId),
  );
  const lacks = ({ id, kind, parentId, remoteEndpoint, tags }: ZipkinSpan): boolean =>
    (parentId !== undefined && !ids.has(parentId)) ||
    (kind === 'CLIENT' &&
      remoteEndpoint?.serviceName !== undefined &&
      tags['error'] === undefined &&
      !answered.has(id));
  return spans.length > 0 && !spans.some(lacks);
}
