import type { BodyOf } from '../responses.ts';
import type { responses } from './trace-responses.ts';
import { failed, remoteOf, type ZipkinSpan } from './zipkin-span.ts';

type State = BodyOf<typeof responses.trace>['summary']['state'];

/**
 * The spans of other processes arrive within this time: exporters send every second. After it, a caller or a called service that is
 * missing has no spans, such as a script that begins a trace.
 */
const ARRIVAL_MS = 5000;

/**
 * Whether more spans of a trace are to come. A span is sent when it ends, so a parent that is missing still runs; a message that no
 * span consumed waits in its queue.
 */
export function stateOf(spans: readonly ZipkinSpan[], nowMs: number): State {
  const ids = new Set(spans.map(({ id }) => id));
  const below = Map.groupBy(spans, ({ parentId }) => parentId);
  const has = (kind: ZipkinSpan['kind'], { id }: ZipkinSpan) =>
    below.get(id)?.some((span) => span.kind === kind) ?? false;
  const served = new Set(spans.filter(({ kind }) => kind === 'SERVER').map(({ id }) => id));
  const justEnded = ({ timestamp, duration }: ZipkinSpan) =>
    Math.abs(nowMs - (timestamp + duration) / 1000) < ARRIVAL_MS;

  const runs = spans.some((span) => {
    const { id, parentId, kind } = span;
    if (parentId !== undefined && !ids.has(parentId)) {
      const local = kind !== 'SERVER' && kind !== 'CONSUMER';
      if (local || justEnded(span)) return true;
    }
    const answered = served.has(id) || has('SERVER', span); // B3 allows both ends one id
    return callsService(span) && !answered && justEnded(span);
  });
  if (runs) return 'running';
  const waits = spans.some((span) => span.kind === 'PRODUCER' && !has('CONSUMER', span));
  return waits ? 'queued' : 'finished';
}

/** Databases and brokers make no spans; a call that failed may have reached no one. */
function callsService(span: ZipkinSpan): boolean {
  const { kind, tags } = span;
  if (kind !== 'CLIENT' || failed(span) || remoteOf(span) === undefined) return false;
  return ![tags['db.system.name'], tags['db.system'], tags['messaging.system']].some(Boolean);
}
