import { setTimeout as pause } from 'node:timers/promises';

/** The result of `work`, or the error that `late` makes when it takes longer than `ms`. The work itself goes on. */
export async function within<T>(ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  const timer = new AbortController();
  const limit = pause(ms, undefined, { signal: timer.signal }).then(() => {
    throw late();
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    timer.abort(); // rejects `limit` after the race, which handles that
  }
}
