import { setTimeout as pause } from 'node:timers/promises';

/** Asks until the answer is right, and answers it. @throws Error with the last answer when that takes too long. */
export async function until<T>(
  what: string,
  ask: () => Promise<T>,
  right: (answer: T) => boolean,
  withinMs = 30_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const last = await ask().then(
      (answer) => ({ answer }),
      (error: unknown) => ({ error }),
    );
    if ('answer' in last && right(last.answer)) return last.answer;
    if (Date.now() > deadline) {
      const found = 'answer' in last ? JSON.stringify(last.answer) : String(last.error);
      throw new Error(`not within ${withinMs} ms: ${what}; last: ${found}`);
    }
    await pause(25);
  }
}
