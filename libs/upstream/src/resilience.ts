import {
  BrokenCircuitError,
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleAll,
  handleWhen,
  retry,
} from 'cockatiel';

/** Failures in a row after which calls fail at once (the original's Go services: 6), and how long until one is tried again. */
const FAILURES_TO_OPEN = 6;
const OPEN_MS = 1000;
const RETRIES = 2;

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
  private readonly reads = retry(
    handleWhen((error) => (error as Error & Partial<Attempted>).retryable === true),
    { maxAttempts: RETRIES, backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 300 }) },
  );

  /** `attempt` gets the number of earlier attempts. */
  run<T>(read: boolean, signal: AbortSignal, attempt: (earlier: number) => Promise<T>): Promise<T> {
    const once = (earlier: number): Promise<T> =>
      this.breaker.execute(() => attempt(earlier), signal);
    return read ? this.reads.execute(({ attempt: earlier }) => once(earlier), signal) : once(0);
  }

  /** Whether calls are refused at the moment without being tried. */
  static refused(error: unknown): boolean {
    return error instanceof BrokenCircuitError;
  }
}
