import type { Metrics } from '@sockshop/metrics';
import { BackOff } from '@sockshop/resilience';
import { activeSpan, recordWait } from '@sockshop/tracing';
import { setTimeout as pause } from 'node:timers/promises';
import { CircuitBreaker, type UpstreamLog } from './circuit-breaker.ts';

const RETRIES = 2;
const RETRY_WAITS = { firstMs: 75, longestMs: 150 };

export interface Attempted {
  /** Whether another attempt may succeed: after no connection, or a 502, 503 or 504. */
  readonly retryable: boolean;
  /** Whether no part of the request was sent. */
  readonly unsent?: boolean;
}

/**
 * Circuit breakers and retries of one upstream, never past the deadline. Reads are retried. A request that writes may have been
 * processed although its answer was lost, so it is retried only where connecting took too long: a lost packet must not cost an order.
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
        const { retryable = false, unsent = false } = error as Error & Partial<Attempted>;
        const safe = method === 'GET' || unsent;
        if (!retryable || !safe || earlier === RETRIES || signal.aborted) throw error;
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
