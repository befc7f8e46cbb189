import { BackOff, type Waits } from '@sockshop/resilience';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Say } from './say.ts';

/** Waits before a restart. A process that ran longer than `steadyMs` starts with the first wait again. */
const RESTART: Waits = { firstMs: 250, longestMs: 15_000, steadyMs: 30_000 };

interface Running {
  /** How it ended, once it has; absent where it is not ours. */
  readonly ended?: Promise<string>;
}

interface Kept {
  readonly name: string;
  /** Starts it for the nth time again; a rejection counts as an end. */
  readonly again: (restarts: number) => Promise<Running>;
  readonly say: Say;
  /** After that it is not started again. */
  readonly released: AbortSignal;
}

/** Starts a process again whenever it ends, later each time it keeps ending. */
export async function keepRunning(first: Running, kept: Kept): Promise<void> {
  const { name, again, say, released } = kept;
  const backOff = new BackOff(RESTART);
  let running = first;
  for (let restarts = 1; ; restarts++) {
    const startedAt = Date.now();
    let how = await running.ended;
    if (how === undefined) return;
    let next: Running | undefined;
    while (!next) {
      if (released.aborted) return;
      const waitMs = backOff.nextMs(Date.now() - startedAt);
      say(`${name} ${how}; starting it again in ${(waitMs / 1000).toFixed(1)} s`);
      const waited = await sleep(waitMs, true, { signal: released }).catch(() => false);
      if (!waited) return;
      next = await again(restarts).catch((error: unknown) => {
        how = error instanceof Error ? error.message : String(error);
        return undefined;
      });
    }
    running = next;
  }
}
