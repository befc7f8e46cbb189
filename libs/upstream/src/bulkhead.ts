import { trace } from '@opentelemetry/api';
import type { Metrics } from '@sockshop/metrics';
import { semconv } from '@sockshop/tracing';

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

interface Waiting {
  readonly enter: () => void;
  readonly refuse: () => void;
}

/**
 * A bound on work under way; what comes on top waits in line, first come, first served. A burst that began all at once would make every piece
 * of it too late for its deadlines; in line each is as fast as alone.
 */
export class Bulkhead {
  private running = 0;
  private closed = false;
  /** In the order in which they came. */
  private readonly line = new Set<Waiting>();

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

  /** Nobody waits any more, neither those in line nor who comes later. For a shutdown: what has not begun can be refused at once. */
  close(): void {
    this.closed = true;
    for (const { refuse } of this.line) refuse();
  }

  /** Resolves when one that ends has left its place to this one: `running` stays as it is. */
  private async placeLeft(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const waiting: Waiting = {
      enter: () => {
        resolve(undefined);
      },
      refuse: () => {
        this.line.delete(waiting);
        this.options.metrics.countBulkheadRefused(this.options.name);
        reject(new BulkheadFullError(this.options.name));
      },
    };
    this.line.add(waiting);
    this.observe('waiting', 1);
    const timer = setTimeout(waiting.refuse, this.closed ? 0 : this.options.waitMs);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.observe('waiting', -1);
    }
    trace.getActiveSpan()?.addEvent(`${semconv.SOCKSHOP_BULKHEAD}.entered`, {
      [semconv.SOCKSHOP_BULKHEAD]: this.options.name,
    });
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

  private observe(state: 'running' | 'waiting', change: number): void {
    this.options.metrics.observeBulkhead(this.options.name, state, change);
  }
}
