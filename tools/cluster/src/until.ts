import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until the answer is yes; an error counts as no. @throws Error that names what was waited for */
export async function until(
  what: string,
  ask: () => boolean | Promise<boolean>,
  withinMs: number,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  let last: unknown;
  do {
    try {
      if (await ask()) return;
    } catch (error) {
      last = error;
    }
    await sleep(200);
  } while (Date.now() < deadline);
  const why = last instanceof Error ? `: ${last.message}` : '';
  throw new Error(`waited ${withinMs / 1000} s for ${what}${why}`, { cause: last });
}
