import { ClientCalls, type ClientOptions } from './client-calls.ts';
import type { Tracing } from './tracing.ts';

export type { ClientOptions, EndedCall } from './client-calls.ts';

/** What a caller may say about the spans of its calls. */
export interface FetchTracingOptions extends ClientOptions {
  /** The template of a request's path, `/socks/{id}`: it goes into the span's name. Default: none is known. */
  readonly template?: (request: Request) => string | undefined;
  /** Default: that of the runtime. */
  readonly fetch?: typeof fetch;
}

/**
 * `fetch` with a CLIENT span of each call, whose headers carry the trace context. The span ends when the response's headers have come, as
 * the body is its caller's to read.
 *
 * ```ts
 * const fetch = tracedFetch(tracing, { peer: 'carts' });
 * ```
 */
export function tracedFetch(tracing: Tracing, options: FetchTracingOptions = {}): typeof fetch {
  const calls = new ClientCalls(tracing, options);
  const send = options.fetch ?? fetch;
  return async (input, init) => {
    const request = new Request(input, init);
    const { origin, hostname, port, protocol, pathname, search } = new URL(request.url);
    const standard = protocol === 'https:' ? 443 : 80;
    const call = calls.begin({
      method: request.method,
      origin,
      address: hostname,
      port: port === '' ? standard : Number(port),
      path: `${pathname}${search}`,
      template: options.template?.(request),
    });
    const headers: Record<string, string> = {};
    call.inject(headers);
    for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
    try {
      const response = await call.send(() => send(request));
      call.answered(response.status);
      return response;
    } catch (error) {
      call.failed(error);
      throw error;
    }
  };
}
