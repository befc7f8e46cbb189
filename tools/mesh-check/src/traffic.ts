import { setTimeout as sleep } from 'node:timers/promises';

/** One request of a shopper. */
export interface Result {
  readonly traceId: string;
  /** 0: no answer. */
  readonly status: number;
  readonly ms: number;
}

/** Sends one request. */
export type Ask = () => Promise<Response>;

/** Callers that ask again and again, each after its answer. */
export class Traffic {
  readonly results: Result[] = [];
  private stopped = false;
  private readonly callers: Promise<void>[];

  constructor(ask: Ask, callers: number) {
    this.callers = Array.from({ length: callers }, () => this.call(ask));
  }

  get failed(): Result[] {
    return this.results.filter(isFailed);
  }

  /** The next so many requests that begin from now on. */
  async next(count: number): Promise<Result[]> {
    const from = this.results.length + this.callers.length; // those under way began before
    while (this.results.length < from + count) await sleep(20);
    return this.results.slice(from, from + count);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.callers);
  }

  private async call(ask: Ask): Promise<void> {
    while (!this.stopped) this.results.push(await timed(ask));
  }
}

/** Its status, its trace and how long it took. */
export async function timed(ask: Ask): Promise<Result> {
  const from = performance.now();
  try {
    const response = await ask();
    await response.arrayBuffer();
    const traceId = response.headers.get('x-trace-id') ?? '';
    return { traceId, status: response.status, ms: performance.now() - from };
  } catch {
    return { traceId: '', status: 0, ms: performance.now() - from };
  }
}

export function isFailed({ status }: Result): boolean {
  return status === 0 || status >= 500;
}
