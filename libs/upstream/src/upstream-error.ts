export type UpstreamFailure =
  'unreachable' | 'timeout' | 'status' | 'body' | 'busy' | 'circuit_open' | 'cancelled';

/**
 * Another service did not give a usable response. Carries what an HTTP response of our own needs: status 503 and `retry-after`.
 * `reason` has few values, so it can be an `error.type`.
 */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly status = 503;
  readonly headers = { 'retry-after': '1' };
  /** Whether another attempt may succeed. */
  readonly retryable: boolean;
  /** Whether nothing was sent, as a packet that opens the connection was lost: then another attempt of a write is safe, too. */
  readonly unsent: boolean;

  constructor(
    readonly upstream: string,
    readonly reason: UpstreamFailure,
    cause?: unknown,
    /** The status of its response; undefined without one. */
    readonly upstreamStatus?: number,
  ) {
    super(`${upstream} ${TEXT[reason]}`, { cause });
    this.retryable = reason === 'unreachable';
    this.unsent = this.retryable && (cause as { code?: unknown }).code === CONNECT_TIMEOUT;
  }
}

/** Of undici, whose own class for it is not the one that it throws where two copies of undici are installed. */
const CONNECT_TIMEOUT = 'UND_ERR_CONNECT_TIMEOUT';

const TEXT: Record<UpstreamFailure, string> = {
  unreachable: 'cannot be reached at the moment',
  timeout: 'did not answer in time',
  status: 'answered with an error',
  body: 'gave an answer that cannot be read',
  busy: 'has too many calls to answer',
  circuit_open: 'is not available at the moment',
  cancelled: 'was not waited for',
};
