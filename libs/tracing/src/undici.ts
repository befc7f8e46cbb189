import type { Dispatcher } from 'undici';
import { ClientCall, ClientCalls, type ClientOptions } from './client-calls.ts';
import type { Tracing } from './tracing.ts';

export {
  type Attempt,
  type ClientCall,
  ClientCalls,
  type ClientOptions,
  type EndedCall,
} from './client-calls.ts';

/** What a caller may say about the spans of its calls. */
export interface UndiciTracingOptions extends ClientOptions {
  /** The template of a request's path, `/socks/{id}`: it goes into the span's name. Default: none is known. */
  readonly template?: (request: Dispatcher.DispatchOptions) => string | undefined;
}

/**
 * CLIENT spans of undici's calls, as one of its interceptors:
 *
 * ```ts
 * const pool = new Pool('http://carts:8081').compose(traceDispatches(tracing, { peer: 'carts' }));
 * ```
 *
 * A span ends with the response's body. The headers that undici sends carry the trace context.
 */
export function traceDispatches(
  tracing: Tracing,
  options: UndiciTracingOptions = {},
): Dispatcher.DispatcherComposeInterceptor {
  const calls = new ClientCalls(tracing, options);
  return (dispatch) => (request, handler) => {
    const { origin, hostname, port, protocol } = new URL(request.origin ?? 'http://localhost');
    const standard = protocol === 'https:' ? 443 : 80;
    const call = calls.begin({
      method: request.method,
      origin,
      address: hostname,
      port: port === '' ? standard : Number(port),
      path: request.path,
      template: options.template?.(request),
    });
    const headers = plainHeaders(request.headers);
    call.inject(headers);
    return call.send(() => dispatch({ ...request, headers }, new TracedHandler(handler, call)));
  };
}

class TracedHandler implements Dispatcher.DispatchHandler {
  private status = 0;

  constructor(
    private readonly inner: Dispatcher.DispatchHandler,
    private readonly call: ClientCall,
  ) {}

  onRequestStart(...all: Parameters<Required<Dispatcher.DispatchHandler>['onRequestStart']>): void {
    this.call.sent();
    this.inner.onRequestStart?.(...all);
  }

  onRequestUpgrade(
    ...all: Parameters<Required<Dispatcher.DispatchHandler>['onRequestUpgrade']>
  ): void {
    this.call.answered(all[1]);
    this.inner.onRequestUpgrade?.(...all);
  }

  onResponseStart(
    ...all: Parameters<Required<Dispatcher.DispatchHandler>['onResponseStart']>
  ): void {
    this.status = all[1]; // the last one counts: those below 200 come before it
    this.inner.onResponseStart?.(...all);
  }

  onResponseData(...all: Parameters<Required<Dispatcher.DispatchHandler>['onResponseData']>): void {
    this.inner.onResponseData?.(...all);
  }

  onResponseEnd(...all: Parameters<Required<Dispatcher.DispatchHandler>['onResponseEnd']>): void {
    this.call.answered(this.status);
    this.inner.onResponseEnd?.(...all);
  }

  onResponseError(
    ...all: Parameters<Required<Dispatcher.DispatchHandler>['onResponseError']>
  ): void {
    this.call.failed(all[1], undefined, this.status === 0 ? undefined : this.status);
    this.inner.onResponseError?.(...all);
  }
}

/** Undici takes headers as an object, as a list of names and values, or as pairs. */
function plainHeaders(headers: Dispatcher.DispatchOptions['headers']): Record<string, string> {
  const plain: Record<string, string> = {};
  const add = (name: string, value: string | number | readonly string[] | undefined): void => {
    if (value !== undefined)
      plain[name] = typeof value === 'object' ? value.join(', ') : String(value);
  };
  if (headers === null || headers === undefined) return plain;
  if (Array.isArray(headers)) {
    for (let at = 0; at < headers.length; at += 2) add(String(headers[at]), headers[at + 1]);
  } else if (Symbol.iterator in headers) {
    for (const [name, value] of headers) add(name, value);
  } else for (const [name, value] of Object.entries(headers)) add(name, value);
  return plain;
}
