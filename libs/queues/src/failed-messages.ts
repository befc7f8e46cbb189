/** Headers that a failed message gets beside the sender's own. */
export const FAILURE_HEADERS = {
  /** How often handling it failed so far. */
  failures: 'x-sockshop-failures',
  /** `error.type` of the last failure. */
  lastError: 'x-sockshop-last-error',
  /** When that was, ISO 8601. For a dead-lettered message: when it was dead-lettered. */
  failedAt: 'x-sockshop-failed-at',
} as const;

/** When the message was handed to the broker: a sender that moves it writes it anew. */
const PUBLISHED_AT = 'x-published-at-ms';

/** The broker's own headers about the queues that a message has left. */
const DEATH = /^x-([a-z]+-)?death/;

/** The queue of messages that the consumers of `queue` could not handle. */
export function deadLetterQueue(queue: string): string {
  return `${queue}.dead`;
}

/** The queue in which a message waits after its `nth` failure, from 1, before it goes back to `queue`. */
export function delayQueue(queue: string, nth: number): string {
  return `${queue}.retry.${nth}`;
}

/** The sender's headers, with the trace context, without those of its failures. */
export function withoutFailures(
  headers: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const ours: readonly string[] = [...Object.values(FAILURE_HEADERS), PUBLISHED_AT];
  const entries = Object.entries(headers);
  return Object.fromEntries(entries.filter(([name]) => !ours.includes(name) && !DEATH.test(name)));
}
