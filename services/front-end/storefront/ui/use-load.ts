import { useEffect, useState } from 'react';

export interface Loaded<T> {
  /** Undefined until the first answer, and after a failure. */
  data: T | undefined;
  /** Undefined unless the last call failed. */
  error: unknown;
  /** An answer is under way. */
  waiting: boolean;
  /** Asks again; the old data stays until the answer is there. */
  reload: () => void;
  /** For what is known without asking again. */
  change: (next: (data: T) => T) => void;
}

/** Calls `load` once for each value of `key`. */
export function useLoad<T>(load: () => Promise<T>, key = ''): Loaded<T> {
  const [state, setState] = useState<{ data?: T; error?: unknown; of?: string }>({});
  const [turn, setTurn] = useState(0);
  const question = `${turn} ${key}`;
  useEffect(() => {
    let current = true;
    load().then(
      (data) => {
        if (current) setState({ data, of: question });
      },
      (error: unknown) => {
        if (current) setState({ error, of: question });
      },
    );
    return () => {
      current = false; // a late answer to an old question
    };
  }, [question]);
  return {
    data: state.data,
    error: state.error,
    waiting: state.of !== question,
    reload: () => {
      setTurn((last) => last + 1);
    },
    change: (next) => {
      setState((last) => (last.data === undefined ? last : { ...last, data: next(last.data) }));
    },
  };
}
