import type { Metrics } from '@sockshop/metrics';
import { shop } from '@sockshop/telemetry';
import { activeSpan, recordWait } from '@sockshop/tracing';

export interface BulkheadOptions {
  /** What the work is, as in metrics: `checkout`. */
  readonly name: string;
  /** Pieces of work that run at the same time. */
  readonly limit: number;
  /** Longest wait for a place, in ms. Default: no bound. */
  readonly waitMs?: number;
  /** Pieces of work that may wait at the same time. Default: no bound. */
  readonly waitLimit?: number;
  readonly metrics: Metrics;
}

/** No place became free in time. Carries what an HTTP answer needs: status 503 and `retry-after`. */
export class BulkheadFullError extends Error {
  override readonly name = 'BulkheadFullError';
  readonly status = 503;
  readonly headers = { 'retry-after': '2' };

  constructor(work: string) {
    super(`too many at once: no place for another ${work}`);
  }
}

interface Waiting {
  readonly enter: () => void;
  readonly refuse: () => void;
}

/**
 * Bounds how much work runs at the same time. More work waits in line, first come, first served. A burst that all starts at once
 * misses every deadline; in line each piece is as fast as alone.
 */
export class Bulkhead {
  private running = 0;
  private closed = false;
  /** In the order of arrival. */
  private readonly line = new Set<Waiting>();

  constructor(private readonly options: BulkheadOptions) {
    options.metrics.addBulkhead(options.name, () => ({
      running: this.running,
      waiting: this.line.size,
    }));
  }

  /** Runs `work` when there is a place for it. @throws BulkheadFullError when there is none in time, or before `signal` aborts. */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.running === this.options.limit) await this.placeLeft(signal);
    else this.running += 1;
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  /** Refuses the work that waits, and from now on all that would have to wait. For a shutdown: running work can finish. */
  close(): void {
    this.closed = true;
    for (const { refuse } of this.line) refuse();
  }

  /** Resolves when work that ends has left its place to this one: `running` stays as it is. */
  private async placeLeft(signal: AbortSignal | undefined): Promise<void> {
    const { name, metrics, waitMs, waitLimit = Infinity } = this.options;
    const refusal = (): Error => {
      metrics.countBulkheadRefused(name);
      return new BulkheadFullError(name);
    };
    if (this.closed || signal?.aborted || this.line.size >= waitLimit) throw refusal();
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const waiting: Waiting = {
      enter: () => {
        resolve(undefined);
      },
      refuse: () => {
        this.line.delete(waiting);
        reject(refusal());
      },
    };
    this.line.add(waiting);
    const since = performance.now();
    let end = 'refused';
    const timer = waitMs === undefined ? undefined : setTimeout(waiting.refuse, waitMs);
    signal?.addEventListener('abort', waiting.refuse);
    try {
      await promise;
      end = 'entered';
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', waiting.refuse);
      recordWait(activeSpan(), `${shop.BULKHEAD}.${end}`, since, 0, { [shop.BULKHEAD]: name });
    }
  }

  private leave(): void {
    const [next] = this.line;
    if (next) {
      this.line.delete(next);
      next.enter();
    } else {
      this.running -= 1;
    }
  }
}
