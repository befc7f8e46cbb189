import type { RecentAction } from './recent.ts';
import type { TraceSummary } from './trace.ts';

/** One line of the drawer: known by the tab, by the trace store, or by both. */
export interface MyAction {
  traceId: string;
  name: string;
  startMs: number;
  /** Of what the shopper waited for; work behind may go on. Undefined while it goes on. */
  durationMs: number | undefined;
  failed: boolean;
  page: boolean;
  /** Undefined while no span has arrived. */
  trace: TraceSummary | undefined;
}

/** Newest first. What this tab knows of an action comes before what the store says: it has the shopper's words for it. */
export function mergeActions(
  recent: readonly RecentAction[],
  stored: readonly TraceSummary[],
): MyAction[] {
  const traces = new Map(stored.map((trace) => [trace.traceId, trace]));
  const known = recent.map((action) => {
    const trace = traces.get(action.traceId);
    const failed = action.failed || (trace?.errors ?? 0) > 0;
    return { ...action, durationMs: action.durationMs ?? trace?.durationMs, failed, trace };
  });
  const ids = new Set(recent.map(({ traceId }) => traceId));
  const others = stored
    .filter(({ traceId }) => !ids.has(traceId))
    .map((trace) => ({
      traceId: trace.traceId,
      name: trace.name.replace(/^documentLoad/, 'page load'),
      startMs: trace.startMs,
      durationMs: trace.durationMs,
      failed: trace.errors > 0,
      page: /\.html$|^get \/$|^documentLoad/i.test(trace.name),
      trace,
    }));
  return [...known, ...others].sort((one, other) => other.startMs - one.startMs);
}

/** The store may have dropped older actions. */
const keptMs = 30_000;

/** Each action of this tab has its trace, which is finished, and nothing came since the last look. */
export function allArrived(
  recent: readonly RecentAction[],
  stored: readonly TraceSummary[],
  before: readonly TraceSummary[] | undefined,
  nowMs: number,
): boolean {
  const now = new Map(stored.map((trace) => [trace.traceId, trace]));
  const counts = new Map(before?.map(({ traceId, spans }) => [traceId, spans]));
  return recent
    .filter(({ startMs }) => nowMs - startMs < keptMs)
    .every(({ traceId }) => {
      const trace = now.get(traceId);
      return trace?.state === 'finished' && trace.spans === counts.get(traceId);
    });
}
