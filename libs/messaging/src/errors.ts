/** Few values: they become `error.type`. */
export type UnavailableReason =
  | 'disconnected'
  | 'timeout'
  | 'blocked'
  | 'unconfirmed'
  | 'unroutable'
  | 'misdeclared'
  | 'not_consuming'
  | 'closed';

/** The broker is unavailable or did not accept the message. An HTTP caller gets 503. */
export class BusUnavailableError extends Error {
  override readonly name = 'BusUnavailableError';
  readonly status = 503;
  /** Seconds; a reconnect usually takes less. */
  readonly headers = { 'retry-after': '1' };

  constructor(
    readonly reason: UnavailableReason,
    message: string,
    cause?: unknown,
  ) {
    super(`message broker unavailable: ${message}`, { cause });
  }
}

/** The message itself is wrong, so a retry cannot help. It is dead-lettered at once. */
export class PoisonMessageError extends Error {
  override readonly name = 'PoisonMessageError';
  readonly reason = 'poison_message';

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
  }
}
