import { STATUS_CODES } from 'node:http';

/** Headers and extra fields that an error wants on its answer. */
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

/** A store or another service is unavailable or too slow: 503, with the time after which a retry makes sense. */
export class UnavailableError extends ShopError {
  override readonly name = 'UnavailableError';

  constructor(part: string, cause?: unknown) {
    super(503, `${part} is not available at the moment`, {
      cause,
      headers: { 'retry-after': '1' },
    });
  }
}

/** RFC 9457 problem details, plus `message` for the original's clients, which read that. */
export interface Problem {
  type: 'about:blank';
  title: string;
  status: number;
  detail: string;
  message: string;
  instance: string;
  trace_id?: string;
  [field: string]: unknown;
}

/** Adds what the original service's error bodies held, where a client reads it. */
export type ProblemShape = (problem: Problem) => Record<string, unknown>;

/** Status, sentence, headers and fields of any thrown value. What is unknown becomes a 500 that says nothing about the inside. */
export function problemOf(error: unknown): {
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
      ? (INSTEAD[carried.cause?.code ?? ''] ?? carried.message)
      : (STATUS_CODES[status] ?? 'Error'),
    headers: carried?.headers ?? {},
    fields: carried?.fields ?? {},
  };
}

/** Fastify's errors name the mistake only; these say what to send. */
const INSTEAD: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'send the body as JSON, with content-type: application/json',
  FST_ERR_CTP_BODY_TOO_LARGE: 'the body is too large; send at most 100 KiB',
};

/** What ShopError, the errors of the other libs, Nest's and Fastify's errors have, each its own way. */
interface Carried {
  /** Fastify's error, where Nest made its own of it. */
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
