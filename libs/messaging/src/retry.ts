import { errorType } from '@sockshop/tracing';
import type { BrokerQueue, Delivery, WireMessage } from './transport.ts';

/** How often handling it failed so far; beside the sender's headers, which stay as they are. */
const FAILURES = 'x-sockshop-failures';
/** `error.type` of the last failure. */
const LAST_ERROR = 'x-sockshop-last-error';
/** When that was, ISO 8601: of a parked message, when it was parked. */
const FAILED_AT = 'x-sockshop-failed-at';

/** Where the failed messages of a queue go: waiting rooms of growing delay, at last the parking lot. */
export class RetryQueues {
  private readonly dead: string;

  constructor(
    private readonly queue: string,
    private readonly delaysMs: readonly number[],
  ) {
    this.dead = `${queue}.dead`;
  }

  /** Always durable: a message that failed once must not get lost, whatever its own queue is. */
  get declarations(): BrokerQueue[] {
    const rooms = this.delaysMs.map((waitMs, index) => ({
      name: this.room(index),
      durable: true,
      waitingRoom: { waitMs, returnTo: this.queue },
    }));
    return [...rooms, { name: this.dead, durable: true }];
  }

  /** The next queue for a message that failed after `failures` earlier ones, and for how long; undefined delay: for good. */
  next(failures: number, poison: boolean): { queue: string; delayMs: number | undefined } {
    const delayMs = poison ? undefined : this.delaysMs[failures];
    return { queue: delayMs === undefined ? this.dead : this.room(failures), delayMs };
  }

  private room(index: number): string {
    return `${this.queue}.retry.${index + 1}`;
  }
}

/** Earlier failures of this message; whatever a stranger may have put there counts as none. */
export function failuresOf({ message }: Delivery): number {
  const raw = message.headers[FAILURES];
  return typeof raw === 'number' && Number.isInteger(raw) && raw > 0 ? raw : 0;
}

/** The message as it came, creation context included, with one more failure noted. */
export function failedOnceMore(delivery: Delivery, error: unknown): WireMessage {
  const { message } = delivery;
  // The broker's own notes about a waiting room it has left; they would grow with every round.
  const kept = Object.entries(message.headers).filter(([name]) => !/^x-([a-z]+-)?death/.test(name));
  const noted = {
    [FAILURES]: failuresOf(delivery) + 1,
    [LAST_ERROR]: errorType(error),
    [FAILED_AT]: new Date().toISOString(),
  };
  return { ...message, headers: { ...Object.fromEntries(kept), ...noted } };
}
