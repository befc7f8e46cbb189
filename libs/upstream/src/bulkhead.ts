import { trace } from '@opentelemetry/api';
import { type Metrics, semconv } from '@sockshop/tracing';

export interface BulkheadOptions {
  /** What the work is, as in metrics: `checkout`. */
  readonly name: string;
  /** Pieces of work under way at once. */
  readonly limit: number;
  /** How long one may wait for a place. */
  readonly waitMs: number;
  readonly metrics: Metrics;
}

/** No place got free in time. Carries what an HTTP answer needs: 503, and when to come again. */
export class BulkheadFullError extends Error {
  override readonly name = 'BulkheadFullError';
  readonly status = 503;
  readonly headers = { 'retry-after': '2' };

  constructor(work: string) {
    super(`too many at once: no place for another ${work}`);
  }
}

/**
 * A bound on work under way; what comes on top waits in line, first come, first served. A burst that began all at once would make every piece
 * of it too late for its deadlines; in line each is as fast as alone.
 */
export class Bulkhead {
  private running = 0;
  /** In the order in which they came; each lets one in. */
  private readonly line = new Set<() => void>();

  constructor(private readonly options: BulkheadOptions) {
    options.metrics.addBulkhead(options.name);
  }

  /** Does `work` when there is a place for it. @throws BulkheadFullError when there was none in time. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running === this.options.limit) await this.placeLeft();
    else this.running += 1;
    this.observe('running', 1);
    try {
      return await work();
    } finally {
      this.observe('running', -1);
      this.leave();
    }
  }

  /** Resolves when one that ends has left its place to this one: `running` stays as it is. */
  private async placeLeft(): Promise<void> {
    const { name, waitMs, metrics } = this.options;
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const enter = (): void => {
      resolve(undefined);
    };
    this.line.add(enter);
    this.observe('waiting', 1);
    const timer = setTimeout(() => {
      this.line.delete(enter);
      metrics.countBulkheadRefused(name);
      reject(new BulkheadFullError(name));
    }, waitMs);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.observe('waiting', -1);
    }
    trace.getActiveSpan()?.addEvent(`${semconv.SOCKSHOP_BULKHEAD}.entered`, {
      [semconv.SOCKSHOP_BULKHEAD]: name,
    });
  }

  private leave(): void {
    const [next] = this.line;
    if (next) {
      this.line.delete(next);
      next();
    } else {
      this.running -= 1;
    }
  }

  private observe(state: 'running' | 'waiting', change: number): void {
    this.options.metrics.observeBulkhead(this.options.name, state, change);
  }
}
