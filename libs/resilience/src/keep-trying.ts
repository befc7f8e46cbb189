import { setTimeout as pause } from 'node:timers/promises';
import { BackOff, type Waits } from './back-off.ts';

export interface KeepTryingOptions extends Waits {
  /** Ends the attempts, and the wait between two of them at once. */
  readonly signal: AbortSignal;
  /** Called after each failed attempt; `failures` counts them from 1. */
  readonly failed: (error: unknown, failures: number) => void;
}

/**
 * Makes attempts until one succeeds, with a back-off between them. Returns its result, or undefined when `signal` aborted first.
 * A server's client connects this way, so a service starts, and starts again, whether or not the server is there.
 */
export async function keepTrying<T>(
  attempt: () => Promise<T>,
  { signal, failed, ...waits }: KeepTryingOptions,
): Promise<T | undefined> {
  const backOff = new BackOff(waits);
  for (let failures = 1; !signal.aborted; failures += 1) {
    const startedAt = Date.now();
    try {
      return await attempt();
    } catch (error) {
      failed(error, failures);
    }
    const waitMs = backOff.nextMs(Date.now() - startedAt);
    await pause(waitMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}
