import type { Metrics } from '@sockshop/metrics';
import { BackOff } from '@sockshop/resilience';
import { activeSpan, recordWait } from '@sockshop/tracing';
import { setTimeout as pause } from 'node:timers/promises';
import { CircuitBreaker, type UpstreamLog } from './circuit-breaker.ts';

const RETRIES = 2;
const RETRY_WAITS = { firstMs: 75, longestMs: 150 };

/** Whether another attempt may succeed: after no connection, or a 502, 503 or 504. */
export interface Attempted {
  readonly retryable: boolean;
}

/**
 * Circuit breakers and retries of one upstream. Only reads are retried, and never past the deadline: a request that writes may have
 * been processed although its answer was lost.
 */
export class CallPolicy {
  private readonly breakers = new Map<string, CircuitBreaker>();

  constructor(
    private readonly upstream: string,
    private readonly metrics: Metrics,
    private readonly log: UpstreamLog,
  ) {}

  /** Passes the number of earlier attempts to `attempt`. Rejects when `signal` aborts, also between attempts. */
  async run<T>(
    { method, path }: { method: string; path: string },
    signal: AbortSignal,
    attempt: (earlier: number) => Promise<T>,
  ): Promise<T> {
    const route = `${method} ${path}`;
    const breaker = this.breakerOf(route);
    const backOff = new BackOff(RETRY_WAITS);
    for (let earlier = 0; ; earlier += 1) {
      try {
        return await breaker.run(signal, () => attempt(earlier));
      } catch (error) {
        const again = method === 'GET' && earlier < RETRIES && !signal.aborted;
        if (!again || (error as Error & Partial<Attempted>).retryable !== true) throw error;
        const since = performance.now();
        await pause(backOff.nextMs(), undefined, { signal });
        recordWait(activeSpan(), 'http.client.retry', since);
        this.metrics.countRetry({ upstream: this.upstream, route });
      }
    }
  }

  private breakerOf(route: string): CircuitBreaker {
    const known = this.breakers.get(route);
    if (known) return known;
    const { upstream, metrics, log } = this;
    const breaker = new CircuitBreaker({ upstream, route, metrics, log });
    this.breakers.set(route, breaker);
    return breaker;
  }
}
