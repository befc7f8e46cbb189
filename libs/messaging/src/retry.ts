import { errorType } from '@sockshop/tracing';
import { PoisonMessageError } from './errors.ts';
import type { BrokerQueue, Delivery, WireMessage } from './transport.ts';

/** How often handling it failed so far; beside the sender's headers, which stay as they are. */
const FAILURES = 'x-sockshop-failures';
/** `error.type` of the last failure. */
const LAST_ERROR = 'x-sockshop-last-error';
/** When that was, ISO 8601: of a parked message, when it was parked. */
const FAILED_AT = 'x-sockshop-failed-at';

/** What becomes of a failed message. */
export interface Setback {
  /** Where it goes. */
  readonly queue: string;
  /** How long it waits there; undefined: for good. */
  readonly delayMs: number | undefined;
  /** What is noted on it. */
  readonly failures: number;
}

/**
 * Where the failed messages of a queue go: waiting rooms of growing delay, at last the parking lot. A message that failed because
 * somebody was away never gets there: it waits, again and again, for the longest delay at most.
 */
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

  /** For a message that failed after `failures` earlier failures. */
  next(failures: number, error: unknown): Setback {
    const away = isAway(error);
    const last = this.delaysMs.length - 1;
    const room = away ? Math.min(failures, last) : failures;
    const delayMs = error instanceof PoisonMessageError ? undefined : this.delaysMs[room];
    const queue = delayMs === undefined ? this.dead : this.room(room);
    // However long somebody was away, a failure of the message's own is tried again at least once.
    return { queue, delayMs, failures: away ? Math.min(failures + 1, last) : failures + 1 };
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

/** By the status they carry, 503: an upstream, a database, the broker could not be reached. The message is not to blame. */
function isAway(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 503;
}

/** The message as it came, creation context included, with its failures noted. */
export function failedAgain({ message }: Delivery, failures: number, error: unknown): WireMessage {
  // The broker's own notes about a waiting room it has left; they would grow with every round.
  const kept = Object.entries(message.headers).filter(([name]) => !/^x-([a-z]+-)?death/.test(name));
  const noted = {
    [FAILURES]: failures,
    [LAST_ERROR]: errorType(error),
    [FAILED_AT]: new Date().toISOString(),
  };
  return { ...message, headers: { ...Object.fromEntries(kept), ...noted } };
}
