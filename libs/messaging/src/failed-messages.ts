import { deadLetterQueue, delayQueue, FAILURE_HEADERS, withoutFailures } from '@sockshop/queues';
import { errorType } from '@sockshop/tracing';
import { PoisonMessageError } from './errors.ts';
import type { BrokerQueue } from './topology.ts';
import type { Delivery, WireMessage } from './transport.ts';

/** Where a failed message goes next. */
export interface FailedRoute {
  readonly queue: string;
  /** How long it stays there; undefined for the dead-letter queue. */
  readonly delayMs: number | undefined;
  /** The count that its header gets. */
  readonly failures: number;
}

/**
 * Where the failed messages of a queue go: to delay queues with growing delays, and in the end to the dead-letter queue. A message that
 * failed because something was unavailable is never dead-lettered: it is retried, with the longest delay at most.
 */
export class RetryQueues {
  constructor(
    private readonly queue: string,
    private readonly delaysMs: readonly number[],
  ) {}

  /** Always durable: a message that failed once must not get lost, whatever its own queue is. */
  get declarations(): BrokerQueue[] {
    const delays = this.delaysMs.map((delayMs, index) => ({
      name: delayQueue(this.queue, index + 1),
      durable: true,
      delay: { delayMs, returnTo: this.queue },
    }));
    return [...delays, { name: deadLetterQueue(this.queue), durable: true }];
  }

  /** For a message that failed after `failures` earlier failures. */
  next(failures: number, error: unknown): FailedRoute {
    const unavailable = isUnavailable(error);
    const last = this.delaysMs.length - 1;
    const index = unavailable ? Math.min(failures, last) : failures;
    const delayMs = error instanceof PoisonMessageError ? undefined : this.delaysMs[index];
    const queue =
      delayMs === undefined ? deadLetterQueue(this.queue) : delayQueue(this.queue, index + 1);
    // After any number of those, a failure of the message's own is still retried at least once.
    return { queue, delayMs, failures: unavailable ? Math.min(failures + 1, last) : failures + 1 };
  }
}

/** Earlier failures of this message. Another client's value in this header counts as none. */
export function failuresOf({ message }: Delivery): number {
  const raw = message.headers[FAILURE_HEADERS.failures];
  return typeof raw === 'number' && Number.isInteger(raw) && raw > 0 ? raw : 0;
}

/** An error with status 503: an upstream, a database or the broker is unavailable. The message is not the cause. */
function isUnavailable(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 503;
}

/** The message as it came, with its creation context, and with its failures in the headers. */
export function failedAgain(
  { message }: Delivery,
  failures: number,
  error: unknown,
): WireMessage & { headers: Record<string, unknown> } {
  const noted = {
    [FAILURE_HEADERS.failures]: failures,
    [FAILURE_HEADERS.lastError]: errorType(error),
    [FAILURE_HEADERS.failedAt]: new Date().toISOString(),
  };
  return { ...message, headers: { ...withoutFailures(message.headers), ...noted } };
}
