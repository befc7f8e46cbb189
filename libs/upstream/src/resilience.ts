import { BrokenCircuitError, circuitBreaker, ConsecutiveBreaker, handleAll } from 'cockatiel';
import { setTimeout as pause } from 'node:timers/promises';

/** Failures in a row after which calls fail at once (the original's Go services: 6), and how long until one is tried again. */
const FAILURES_TO_OPEN = 6;
const OPEN_MS = 1000;
const RETRIES = 2;
/** Wait before the first retry, on average; doubled before the next. */
const FIRST_WAIT_MS = 50;

/** A failure that another attempt may cure: no connection, or a 502, 503, 504. */
export interface Attempted {
  readonly retryable: boolean;
}

/**
 * Circuit breaker and retries of one upstream. Only reads are retried, and never past the deadline: a request that writes may have
 * been carried out although its answer was lost.
 */
export class Resilience {
  private readonly breaker = circuitBreaker(handleAll, {
    halfOpenAfter: OPEN_MS,
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
  });

  /** `attempt` gets the number of earlier attempts. Rejects when `signal` aborts, also between attempts. */
  async run<T>(
    read: boolean,
    signal: AbortSignal,
    attempt: (earlier: number) => Promise<T>,
  ): Promise<T> {
    for (let earlier = 0; ; earlier += 1) {
      try {
        return await this.breaker.execute(() => attempt(earlier), signal);
      } catch (error) {
        const again = read && earlier < RETRIES && !signal.aborted;
        if (!again || (error as Error & Partial<Attempted>).retryable !== true) throw error;
        await pause(FIRST_WAIT_MS * 2 ** earlier * (0.5 + Math.random()), undefined, { signal });
      }
    }
  }

  /** Whether calls are refused at the moment without being tried. */
  static refused(error: unknown): boolean {
    return error instanceof BrokenCircuitError;
  }
}
