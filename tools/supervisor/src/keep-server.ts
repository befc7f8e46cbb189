import { BackOff } from '@sockshop/resilience';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Say } from './launch.ts';
import { RESTART } from './supervised-process.ts';

interface Server {
  readonly port: number;
  /** How it ended, once it has. */
  readonly ended?: Promise<string>;
  stop(): Promise<void>;
}

interface Kept<S extends Server> {
  readonly name: string;
  /** Starts it at the port it had, on the data it had. */
  readonly again: (port: number) => Promise<S>;
  /** Told of each further start that came to be ready. */
  readonly restarted: (server: S, restarts: number) => void;
  readonly say: Say;
  /** From then on its end is its end. */
  readonly released: AbortSignal;
}

/** Starts a server of ours again whenever it ends. */
export async function keepServer<S extends Server>(first: S, kept: Kept<S>): Promise<void> {
  const { name, again, restarted, say, released } = kept;
  const backOff = new BackOff(RESTART);
  let server = first;
  for (let restarts = 1; ; restarts++) {
    const startedAt = Date.now();
    let how = await server.ended;
    await server.stop(); // what it may have left beside it
    let next: S | undefined;
    while (!next) {
      if (released.aborted) return;
      const waitMs = backOff.nextMs(Date.now() - startedAt);
      say(`${name} ${how ?? 'ended'}; starting it again in ${(waitMs / 1000).toFixed(1)} s`);
      const waited = await sleep(waitMs, true, { signal: released }).catch(() => false);
      if (!waited) return;
      next = await again(first.port).catch((error: unknown) => {
        how = error instanceof Error ? error.message : String(error);
        return undefined;
      });
    }
    server = next;
    restarted(server, restarts);
  }
}
