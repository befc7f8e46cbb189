import { text } from '../i18n/text.ts';
import type { TraceSummary } from './trace.ts';

const words = text.drawer;

/** Nothing for a finished trace. `live`: it is looked at again. */
export function TraceState({ state, live }: { state: TraceSummary['state']; live: boolean }) {
  if (state === 'finished') return null;
  if (!live) return <span>{words.unfinished[state]}</span>;
  return <span className="td-pending">{words[state]}</span>;
}
