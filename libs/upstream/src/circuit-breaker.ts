import type { Metrics } from '@sockshop/metrics';
import { shop } from '@sockshop/telemetry';
import { activeSpan, semconv } from '@sockshop/tracing';
import { BrokenCircuitError, circuitBreaker, ConsecutiveBreaker, handleWhen } from 'cockatiel';
import { UpstreamError } from './upstream-error.ts';

/** Failures in a row after which calls fail at once (the original's Go services: 6), and how long until one is tried again. */
const FAILURES_TO_OPEN = 6;
const OPEN_MS = 1000;

/** A breaker writes one line when it opens and one when it closes, whatever the number of failed trials in between. */
export interface UpstreamLog {
  log(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
}

export interface CircuitBreakerOptions {
  readonly upstream: string;
  /** Method and template, `GET /carts/{id}/items`. */
  readonly route: string;
  readonly metrics: Metrics;
  readonly log: UpstreamLog;
}

/**
 * The breaker of one route of an upstream. Each route has its own, as in the original's Go services: when a route responds with 503
 * because its database is unavailable, routes that need no database go on.
 */
export class CircuitBreaker {
  private readonly policy = circuitBreaker(handleWhen(isFailure), {
    halfOpenAfter: OPEN_MS,
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
  });
  private open = false;

  constructor(private readonly options: CircuitBreakerOptions) {
    options.metrics.addCircuit(options);
    this.policy.onBreak((reason) => {
      this.opened('error' in reason ? reason.error : undefined);
    });
    this.policy.onHalfOpen(() => {
      this.changed('half_open');
    });
    this.policy.onReset(() => {
      this.closed();
    });
  }

  /** Any rejection of `attempt` counts as a failure, unless the caller cancelled it. @throws Error for which `refused` is true while the circuit is open. */
  async run<T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
    try {
      return await this.policy.execute(attempt, signal);
    } catch (error) {
      if (CircuitBreaker.refused(error)) {
        this.options.metrics.countRefused(this.options);
        this.addEvent('refused');
      }
      throw error;
    }
  }

  /** Whether the call was refused without being tried. */
  static refused(error: unknown): boolean {
    return error instanceof BrokenCircuitError;
  }

  private opened(error: unknown): void {
    this.changed('open');
    if (this.open) return; // a trial failed
    this.open = true;
    const { log, upstream, route } = this.options;
    log.warn('circuit opened', { upstream, route, error });
  }

  private closed(): void {
    this.changed('closed');
    this.open = false;
    const { log, upstream, route } = this.options;
    log.log('circuit closed', { upstream, route });
  }

  private changed(state: 'closed' | 'half_open' | 'open'): void {
    this.options.metrics.observeCircuit(this.options, state);
    this.addEvent(state);
  }

  /** On the caller's span: a refused call has no span of its own, as nothing is sent. */
  private addEvent(what: string): void {
    const { upstream, route } = this.options;
    activeSpan()?.addEvent(`${shop.CIRCUIT_BREAKER}.${what}`, {
      [semconv.SERVICE_PEER_NAME]: upstream,
      [shop.UPSTREAM_ROUTE]: route,
    });
  }
}

/** Callers who hang up must not open the circuit for everyone else. */
function isFailure(error: unknown): boolean {
  return !(error instanceof UpstreamError && error.reason === 'cancelled');
}
