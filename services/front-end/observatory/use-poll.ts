import { useEffect, useRef, useState } from 'react';

export interface Polled<T> {
  /** The newest answer; it stays while later ones fail. Undefined until the first one to this question. */
  data: T | undefined;
  /** Undefined unless the last call failed. */
  error: unknown;
  /** When `data` came, since 1970. */
  atMs: number | undefined;
}

interface State<T> {
  key: string;
  data?: T;
  error?: unknown;
  atMs?: number;
}

export const pollMs = 3000;
const longestPauseMs = 30_000;
/** So that not each letter of a search asks anew. */
const typingMs = 250;

/**
 * Asks again and again while `live`, and once for each `key` in any case. Not while the page is hidden, and less and less often while
 * answers fail.
 */
export function usePoll<T>(
  load: (signal: AbortSignal) => Promise<T>,
  key: string,
  live: boolean,
): Polled<T> {
  const [state, setState] = useState<State<T>>({ key });
  const answeredKey = useRef<string | null>(null);
  const loadNow = useRef(load);
  useEffect(() => {
    loadNow.current = load;
  });

  useEffect(() => {
    if (!live && answeredKey.current === key) return;
    const stop = new AbortController();
    let failures = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let missed = false;

    const ask = async (): Promise<void> => {
      try {
        const data = await loadNow.current(stop.signal);
        if (stop.signal.aborted) return;
        failures = 0;
        answeredKey.current = key;
        setState({ key, data, atMs: Date.now() });
      } catch (error) {
        if (stop.signal.aborted) return;
        failures += 1;
        setState((last) => (last.key === key ? { ...last, error } : { key, error }));
      }
      if (live || failures > 0) wait(Math.min(longestPauseMs, pollMs * 2 ** failures));
    };
    const wait = (ms: number): void => {
      timer = setTimeout(() => {
        missed = document.visibilityState === 'hidden';
        if (!missed) void ask();
      }, ms);
    };
    const seen = (): void => {
      if (!missed || document.visibilityState === 'hidden') return;
      missed = false;
      void ask();
    };
    document.addEventListener('visibilitychange', seen);
    wait(answeredKey.current === null ? 0 : typingMs);
    return () => {
      stop.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [key, live]);

  const { data, error, atMs } = state.key === key ? state : {};
  return { data, error, atMs };
}
