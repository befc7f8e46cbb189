import { useEffect, useState } from 'react';
import { ApiError } from '../api-error.ts';
import type { Loaded } from '../ui/use-load.ts';

const firstMs = 1000;
const slowestMs = 10_000;

/**
 * What is looked at again until nothing more will happen: each second while it changes, then ever more slowly, since an order may wait for
 * ever. Not in a hidden tab. `key` names what is asked for.
 */
export function useLive<T>(
  key: string,
  load: (before: T | undefined) => Promise<T>,
  isOver: (data: T) => boolean,
): Pick<Loaded<T>, 'data' | 'error' | 'reload'> {
  const [state, setState] = useState<{ data?: T; error?: unknown }>({});
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let timer = 0;
    let looking = false;
    let done = false;
    const goesOn = () => !done; // it may end while a load is under way
    let waitMs = firstMs;
    let before: T | undefined;
    const look = async () => {
      clearTimeout(timer);
      if (looking || !goesOn() || document.hidden) return;
      looking = true;
      try {
        const data = await load(before);
        waitMs = JSON.stringify(data) === JSON.stringify(before) ? waitMs * 1.25 : firstMs;
        before = data;
        if (goesOn()) setState({ data });
        done ||= isOver(data);
      } catch (error) {
        if (goesOn()) setState((last) => ({ ...last, error }));
        // What is refused stays refused; what is down comes back.
        done ||= error instanceof ApiError && error.status >= 400 && error.status < 500;
        waitMs *= 1.25;
      }
      looking = false;
      if (goesOn()) timer = window.setTimeout(lookAgain, Math.min(waitMs, slowestMs));
    };
    const lookAgain = () => void look();
    lookAgain();
    document.addEventListener('visibilitychange', lookAgain);
    return () => {
      done = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', lookAgain);
    };
  }, [key, turn]);
  return {
    data: state.data,
    error: state.error,
    reload: () => {
      setTurn((last) => last + 1);
    },
  };
}
