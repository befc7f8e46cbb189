import { CommandError } from '@sockshop/cli';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

const LONGEST_MS = 240_000;
const POLL_MS = 250;

/** Asks until the answer is right; an error counts as a wrong answer. @throws CommandError with the last answer, when it takes too long */
export async function until<T>(
  ask: () => Promise<T>,
  right: (answer: T) => boolean,
  what: string,
): Promise<T> {
  const deadline = performance.now() + LONGEST_MS;
  for (;;) {
    const last = await ask().then(
      (answer) => ({ answer }),
      (error: unknown) => ({ error }),
    );
    if ('answer' in last && right(last.answer)) return last.answer;
    if (performance.now() > deadline)
      throw new CommandError(
        `not within ${LONGEST_MS / 1000} s: ${what}; last: ${inspect(last, { depth: 3 })}`,
      );
    await sleep(POLL_MS);
  }
}
