import { setTimeout as wait } from 'node:timers/promises';

/** Waits between attempts double from the first to the longest, and half of each is random. */
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;

/** Sends batches to one collector. */
export interface Sender {
  /** Sends `body` once and returns the response's body. @throws AttemptError */
  attempt(body: Buffer, timeoutMs: number): Promise<Buffer>;
  close(): void;
}

/** One attempt to send a batch failed. */
export class AttemptError extends Error {
  override readonly name = 'AttemptError';

  constructor(
    message: string,
    readonly retryable: boolean,
    /** Undefined where the server does not ask for a wait. */
    readonly retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Brings batches to a collector: one that a busy collector refuses, or that does not reach it, is sent again until its time is over. After that it
 * is lost. No request waits for it, and a service that ends tries once more. Every exporter of this lib sends so; OpenTelemetry's own
 * never retries over gRPC, and over HTTP it keeps a process that ends.
 */
export class Delivery {
  private readonly pending = new Set<Promise<unknown>>();
  private readonly ending = new AbortController();

  /** `timeoutMs`: for a batch with all its attempts. */
  constructor(
    private readonly sender: Sender,
    private readonly timeoutMs: number,
  ) {}

  send(body: Buffer): Promise<Buffer> {
    const sending = this.attempts(body);
    this.pending.add(sending);
    const over = (): boolean => this.pending.delete(sending);
    sending.then(over, over);
    return sending;
  }

  async flush(): Promise<void> {
    await Promise.allSettled(this.pending);
  }

  /** The service ends: from now on a batch has one attempt. */
  lastAttempts(): void {
    this.ending.abort();
  }

  async close(): Promise<void> {
    await this.flush();
    this.sender.close();
  }

  private async attempts(body: Buffer): Promise<Buffer> {
    const endMs = performance.now() + this.timeoutMs;
    for (let failures = 0; ; failures += 1) {
      try {
        return await this.sender.attempt(body, Math.max(1, endMs - performance.now()));
      } catch (error) {
        if (!(error instanceof AttemptError)) throw error;
        const waitMs = error.retryAfterMs ?? backOffMs(failures);
        const over = this.ending.signal.aborted || performance.now() + waitMs >= endMs;
        if (over || !error.retryable) throw error;
        await wait(waitMs, undefined, { ref: false, signal: this.ending.signal }).catch(() => {
          throw error; // the service ends
        });
      }
    }
  }
}

function backOffMs(failures: number): number {
  const boundMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
  return boundMs * (0.5 + Math.random() / 2);
}
