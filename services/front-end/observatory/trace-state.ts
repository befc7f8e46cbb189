import { text } from '../storefront/i18n/text.ts';
import type { TraceSummary } from '../storefront/trace/trace.ts';

/** Nothing came for so long: nothing comes any more. */
const patienceMs = 30_000;

/** '' for a finished trace. */
export function stateText({ state, startMs, wholeMs }: TraceSummary): string {
  if (state === 'finished') return '';
  const quiet = Date.now() - startMs - wholeMs > patienceMs;
  return quiet ? text.drawer.unfinished[state] : text.drawer[state];
}

/** Whether to ask for it again: it runs, or has just ended, when single spans may still be on their way. */
export function mayGrow({ state, startMs, wholeMs }: TraceSummary): boolean {
  const quietMs = Date.now() - startMs - wholeMs;
  return quietMs < (state === 'finished' ? settledMs : 2 * patienceMs);
}

const settledMs = 5000;
