import { useEffect, useState } from 'react';
import { ApiError } from '../api-error.ts';
import { getOrder, type Order } from '../api.ts';
import { isFinal, statusOf } from './order-facts.ts';

const everyMs = 1000;

/** The order, looked at again each second until nothing more will happen; not in a hidden tab. */
export function useLiveOrder(id: string): { order: Order | undefined; error: unknown } {
  const [state, setState] = useState<{ order?: Order; error?: unknown }>({});
  useEffect(() => {
    let timer = 0;
    let looking = false;
    let done = false;
    const look = async () => {
      clearTimeout(timer);
      if (looking || done || document.hidden) return;
      looking = true;
      try {
        const order = await getOrder(id);
        done ||= isFinal(statusOf(order));
        setState({ order });
      } catch (error) {
        // What is refused stays refused; what is down comes back.
        done ||= error instanceof ApiError && error.status >= 400 && error.status < 500;
        setState((last) => ({ ...last, error }));
      }
      looking = false;
      if (!done) timer = window.setTimeout(lookAgain, everyMs);
    };
    const lookAgain = () => void look();
    lookAgain();
    document.addEventListener('visibilitychange', lookAgain);
    return () => {
      done = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', lookAgain);
    };
  }, [id]);
  return { order: state.order, error: state.error };
}
