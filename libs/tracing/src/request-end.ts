import type { ServerResponse } from 'node:http';

/** What a closed connection means when the caller did not say how long it waits. */
export type AbortMeaning = 'cancelled' | 'timeout';

/** What is known about a request when its connection is done with it. */
export interface EndFacts {
  /** The status that the server wrote to the socket itself. */
  readonly refusal: number | undefined;
  /** Whether this server closes connections. */
  readonly closing: boolean;
  readonly elapsedMs: number;
  /** How long the caller said that it waits. */
  readonly patienceMs: number | undefined;
  readonly abortMeans: AbortMeaning;
}

/** A status for a request without a response, as a proxy logs it: nginx's 499, and what RFC 9110 has for the others. */
const STATUS = { cancelled: 499, timeout: 504, shutdown: 503 } as const;

/**
 * Status and `error.type` of a request. One whose caller went is `cancelled`, which is no failure, unless it had waited as long as it
 * said: then this service was too slow, a `timeout`. One that this server cut is a `shutdown`.
 */
export function requestEnd(
  response: Pick<ServerResponse, 'writableFinished' | 'headersSent' | 'statusCode'>,
  facts: EndFacts,
): { readonly status: number; readonly errorType: string | undefined } {
  const { headersSent, statusCode } = response;
  if (response.writableFinished) return answered(statusCode);
  if (facts.refusal !== undefined) return answered(headersSent ? statusCode : facts.refusal);
  if (statusCode >= 500) return answered(statusCode); // it had failed before its caller went
  const errorType = facts.closing ? 'shutdown' : abortOf(facts);
  return { status: headersSent ? statusCode : STATUS[errorType], errorType };
}

function answered(status: number) {
  return { status, errorType: status >= 500 ? String(status) : undefined }; // a client's mistake is not an error of the server
}

function abortOf({ elapsedMs, patienceMs, abortMeans }: EndFacts): AbortMeaning {
  if (patienceMs === undefined) return abortMeans;
  // The request was on its way for a while, and the caller's clock began before.
  return elapsedMs >= patienceMs * 0.9 - 10 ? 'timeout' : 'cancelled';
}
