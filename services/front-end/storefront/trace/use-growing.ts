import { useEffect, useState } from 'react';
import { TraceError, type TraceFailure } from './trace-api.ts';

export interface Growing<T> {
  data: T | undefined;
  failure: TraceFailure | undefined;
  /** Asked again and again, as more is to come. */
  live: boolean;
}

const firstMs = 500;
const slowestMs = 4000;
/** Nothing new for so long: nothing comes any more. */
const giveUpMs = 30_000;
/** What was not there so often, in a row, is not there. */
const goneTimes = 4;

/**
 * What spans still come in for: asked again, ever more slowly, until `settled`, or until it has not changed for long. `key` names what
 * is asked for; with another one, it starts anew. Not in a hidden tab.
 */
export function useGrowing<T>(
  key: string,
  load: () => Promise<T>,
  settled: (now: T, before: T | undefined) => boolean,
): Growing<T> {
  const [state, setState] = useState<Growing<T> & { key: string }>({ key, ...nothing });
  useEffect(() => {
    let timer = 0;
    let stopped = false;
    let waitMs = firstMs;
    let before: T | undefined;
    let gone = 0;
    let changedMs = performance.now();
    const next = (live: boolean) => {
      if (live) timer = window.setTimeout(() => void look(), waitMs);
      waitMs = Math.min(waitMs * 1.5, slowestMs);
    };
    const look = async () => {
      if (document.hidden) {
        next(true);
        return;
      }
      let live = performance.now() - changedMs < giveUpMs;
      try {
        const data = await load();
        if (stopped) return;
        if (JSON.stringify(data) !== JSON.stringify(before)) {
          changedMs = performance.now();
          if (before !== undefined) waitMs = firstMs;
        }
        live &&= !settled(data, before);
        before = data;
        setState({ key, data, failure: undefined, live });
      } catch (error) {
        if (stopped) return;
        const failure = error instanceof TraceError ? error.failure : 'unavailable';
        gone = failure === 'gone' ? gone + 1 : 0;
        live &&= gone < goneTimes;
        setState((last) => ({ ...last, key, failure, live }));
      }
      next(live);
    };
    setState((last) => (last.key === key ? last : { key, ...nothing }));
    void look();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [key]);
  return state.key === key ? state : nothing;
}

const nothing = { data: undefined, failure: undefined, live: true };
