import { STATUS_CODES } from 'node:http';

/** Headers and extra fields that an error adds to its response. */
interface ProblemOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** An error of the shop that has an HTTP status. Services throw subclasses or this with a clear sentence for the caller. */
export class ShopError extends Error {
  override readonly name: string = 'ShopError';
  readonly headers: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(
    readonly status: number,
    message: string,
    options: ProblemOptions = {},
  ) {
    super(message, { cause: options.cause });
    this.headers = options.headers ?? {};
    this.fields = options.fields ?? {};
  }
}

/** A store or another service is unavailable or too slow: 503, with `retry-after`. */
export class UnavailableError extends ShopError {
  override readonly name = 'UnavailableError';

  constructor(part: string, cause?: unknown) {
    super(503, `${part} is not available at the moment`, {
      cause,
      headers: { 'retry-after': '1' },
    });
  }
}

/** RFC 9457 problem details, with `message` for the original's clients. */
export interface Problem {
  type: 'about:blank';
  title: string;
  status: number;
  detail: string;
  message: string;
  /** Absent when there was no request that could be read. */
  instance?: string;
  trace_id?: string;
  [field: string]: unknown;
}

/** Adds fields of the original service's error bodies that clients read. */
/** `method` is absent for a request that could not be read. */
export type ProblemShape = (problem: Problem, method?: string) => Record<string, unknown>;

/** Status, sentence, headers and fields of any thrown value. An unknown error becomes a 500 without its details. */
export function problemOf(
  error: unknown,
  bodyLimit = 100 * 1024,
): {
  status: number;
  detail: string;
  headers: Readonly<Record<string, string>>;
  fields: Readonly<Record<string, unknown>>;
} {
  const carried = error instanceof Error ? (error as Omit<Error, 'cause'> & Carried) : undefined;
  const status = statusOf(carried);
  const safe = carried !== undefined && (status < 500 || typeof carried.status === 'number');
  return {
    status,
    detail: safe
      ? (INSTEAD[carried.cause?.code ?? '']?.(bodyLimit) ?? carried.message)
      : (STATUS_CODES[status] ?? 'Error'),
    headers: carried?.headers ?? {},
    fields: carried?.fields ?? {},
  };
}

export function tooLarge(bodyLimit: number): string {
  return `the body is too large; send at most ${bodyLimit / 1024} KiB`;
}

/** Fastify's errors name the mistake only; these texts tell the caller what to send. */
const INSTEAD: Readonly<Record<string, (bodyLimit: number) => string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: tooLarge,
};

/** The fields of ShopError, of the other libs' errors, of Nest's and of Fastify's errors. */
interface Carried {
  /** Fastify's error, when Nest wrapped it. */
  cause?: { code?: string };
  status?: unknown;
  statusCode?: unknown;
  getStatus?: () => number;
  headers?: Readonly<Record<string, string>>;
  fields?: Readonly<Record<string, unknown>>;
}

function statusOf(error: Carried | undefined): number {
  const status = error?.getStatus?.() ?? error?.status ?? error?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}
