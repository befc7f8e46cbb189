import type { ClientCall } from '@sockshop/tracing/undici';
import type { Dispatcher, Pool } from 'undici';

/** A whole answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/**
 * Sends a request and reads its answer to the end: an unread body holds its connection. Undici's own `request` makes a stream for the
 * body, and so costs twice as much. Rejects at once when `signal` aborts, also while there is no connection yet.
 */
export function exchange(
  pool: Pool,
  request: Dispatcher.DispatchOptions,
  signal: AbortSignal,
  call: ClientCall,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    pool.dispatch(request, new Reader(signal, call, resolve, reject));
  });
}

class Reader implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined;
  private status = 0;
  private headers: Answer['headers'] = {};
  private readonly chunks: Buffer[] = [];

  constructor(
    private readonly signal: AbortSignal,
    private readonly call: ClientCall,
    private readonly resolve: (answer: Answer) => void,
    private readonly reject: (error: unknown) => void,
  ) {
    if (signal.aborted) this.abort();
    else signal.addEventListener('abort', this.abort);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.signal.aborted) this.abort();
    else this.call.sent();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Answer['headers'],
  ): void {
    this.status = status; // the last one counts: those below 200 come before it
    this.headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.signal.removeEventListener('abort', this.abort);
    const { status, headers, chunks } = this;
    const [first] = chunks;
    const body = first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks);
    this.resolve({ status, headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.signal.removeEventListener('abort', this.abort);
    this.reject(error);
  }

  private readonly abort = (): void => {
    const reason = this.signal.reason as Error; // of the deadline, or of a caller's AbortController
    this.reject(reason);
    this.controller?.abort(reason);
  };
}
