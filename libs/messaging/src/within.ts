import { setTimeout as pause } from 'node:timers/promises';

/** What `work` comes to, or `late()` where it takes longer. */
export async function within<T>(ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  const timer = new AbortController();
  const limit = pause(ms, undefined, { signal: timer.signal }).then(() => {
    throw late();
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    timer.abort(); // rejects `limit` after the race, which has taken care of that
  }
}
