/** The command line is wrong; the message says what to give instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command cannot do its work; the message says why and, where there is something, what to do. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
}
