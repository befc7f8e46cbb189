import { useEffect, useState } from 'react';

export interface Loaded<T> {
  /** Undefined until the first answer, and after a failure. */
  data: T | undefined;
  /** Undefined unless the last call failed. */
  error: unknown;
  /** Asks again; the old data stays until the answer is there. */
  reload: () => void;
}

/** Calls `load` once for each value of `key`. */
export function useLoad<T>(load: () => Promise<T>, key = ''): Loaded<T> {
  const [state, setState] = useState<{ data?: T; error?: unknown }>({});
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let current = true;
    load().then(
      (data) => {
        if (current) setState({ data });
      },
      (error: unknown) => {
        if (current) setState({ error });
      },
    );
    return () => {
      current = false; // a late answer to an old question
    };
  }, [key, turn]);
  const reload = () => {
    setTurn((last) => last + 1);
  };
  return { data: state.data, error: state.error, reload };
}
