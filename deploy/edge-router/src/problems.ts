import { STATUS_CODES } from 'node:http';

/** What a client reads where HAProxy answers by itself. `message` is for the original's clients, as in every problem of the shop. */
const DETAILS = {
  400: 'this is not an HTTP request, or its headers are far too large',
  404: 'there is no such service',
  408: 'the request took too long to arrive',
  413: 'the body is too large; send at most 1 MiB',
  429: 'too many requests; wait a second',
  431: 'the target and the headers are too large; send at most 15 KiB',
  500: 'the router failed',
  501: 'this is no method of the shop: use GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS',
  502: 'the service did not answer as it must',
  503: 'the service is not available at the moment',
  504: 'the service took too long to answer',
} as const;

type Status = keyof typeof DETAILS;

/** Seconds. */
const RETRY_AFTER: Partial<Record<Status, number>> = { 429: 1, 502: 1, 503: 1, 504: 1 };

/** An answer without a server: `return` in a rule, `http-error` in a section. */
export function problem(status: Status, detail: string = DETAILS[status]): string {
  const title = STATUS_CODES[status] ?? 'Error';
  const body = JSON.stringify({ type: 'about:blank', title, status, detail, message: detail });
  const seconds = RETRY_AFTER[status];
  const retry = seconds === undefined ? '' : ` hdr retry-after ${seconds}`;
  return `status ${status} content-type application/problem+json string '${body}' hdr cache-control no-store${retry}`;
}

/** Of the statuses that HAProxy gives without a rule. */
export const PROBLEMS = ([400, 408, 500, 502, 503, 504] as const).map(
  (status) => `http-error ${problem(status)}`,
);
