export type UpstreamFailure =
  'unreachable' | 'timeout' | 'status' | 'body' | 'busy' | 'circuit_open';

/**
 * Another service did not give a usable answer. Carries what an HTTP answer of our own needs: 503, and when to come again.
 * `reason` is one of few words, so it can be an `error.type`.
 */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly status = 503;
  readonly headers = { 'retry-after': '1' };
  /** Whether another attempt may cure it. */
  readonly retryable: boolean;

  constructor(
    readonly upstream: string,
    readonly reason: UpstreamFailure,
    cause?: unknown,
    /** The status it answered; undefined where there was no answer. */
    readonly upstreamStatus?: number,
  ) {
    super(`${upstream} ${TEXT[reason]}`, { cause });
    this.retryable = reason === 'unreachable';
  }
}

const TEXT: Record<UpstreamFailure, string> = {
  unreachable: 'cannot be reached at the moment',
  timeout: 'did not answer in time',
  status: 'answered with an error',
  body: 'gave an answer that cannot be read',
  busy: 'has too many calls to answer',
  circuit_open: 'is not available at the moment',
};
