import { text } from './i18n/text.ts';

/** An answer of 400 or more, or none at all (`status` 0). Its message may be shown to shoppers. */
export class ApiError extends Error {
  override name = 'ApiError';

  constructor(
    message: string,
    readonly status: number,
    /** The trace of the failed call, from the header `x-trace-id`. */
    readonly traceId: string | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What to tell a shopper: the server's words where they can act on them (4xx), ours where not. */
export function failure(status: number, body: unknown, traceId: string | null): ApiError {
  return new ApiError(
    friendly(status) ?? serverMessage(body) ?? text.errors.refused,
    status,
    traceId,
  );
}

function friendly(status: number): string | undefined {
  if (status === 401) return text.errors.loginFirst;
  if (status === 429) return text.errors.tooFast;
  if (status === 503) return text.errors.unavailable;
  if (status === 504) return text.errors.tooSlow;
  if (status >= 500) return text.errors.ours;
  return undefined;
}

/** Problem details carry `message`; answers of the original services may carry `error` only. */
function serverMessage(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const texts = new Map<string, unknown>(Object.entries(body));
  for (const name of ['message', 'detail', 'title', 'error']) {
    const found = texts.get(name);
    if (typeof found === 'string' && found !== '') return found;
  }
  return undefined;
}
