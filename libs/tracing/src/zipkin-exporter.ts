import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import type { ZipkinSpan } from './zipkin-encoder.ts';

/** Waits between attempts double from the first to the longest, and half of each is random. */
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;
/** As OpenTelemetry's protocol has it: the server is there, and will take the batch later. */
const RETRYABLE = new Set([429, 502, 503, 504]);

/**
 * Posts batches to a Zipkin v2 end point over one kept connection. A batch that a busy Zipkin refuses, or that does not reach it, is sent
 * again until its time is over; spans that came twice have the same ids, so Zipkin shows them once. After that the batch is lost, which
 * is reported to the batch processor. No request waits for it. Its own requests are not traced.
 */
export class ZipkinExporter implements SpanExporter {
  private readonly url: URL;
  private readonly agent: HttpAgent;
  private readonly pending = new Set<Promise<void>>();
  private readonly ending = new AbortController();

  /** `timeoutMs`: for a batch with all its attempts. */
  constructor(
    url: string,
    private readonly timeoutMs: number,
    private readonly encode: (span: ReadableSpan) => ZipkinSpan,
  ) {
    this.url = new URL(url);
    const options = { keepAlive: true, maxSockets: 2 };
    this.agent = this.url.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    const sending = this.post(JSON.stringify(spans.map(this.encode))).then(
      () => {
        done({ code: ExportResultCode.SUCCESS });
      },
      (error: unknown) => {
        done({
          code: ExportResultCode.FAILED,
          error: error instanceof Error ? error : new Error(String(error)),
        });
      },
    );
    this.pending.add(sending);
    void sending.finally(() => this.pending.delete(sending));
  }

  async forceFlush(): Promise<void> {
    await Promise.all(this.pending);
  }

  /** The service ends: from now on a batch has one attempt. */
  lastAttempts(): void {
    this.ending.abort();
  }

  async shutdown(): Promise<void> {
    await this.forceFlush();
    this.agent.destroy();
  }

  private async post(body: string): Promise<void> {
    const endMs = performance.now() + this.timeoutMs;
    for (let failures = 0; ; failures += 1) {
      try {
        await this.attempt(body, Math.max(1, endMs - performance.now()));
        return;
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

  private attempt(body: string, timeoutMs: number): Promise<void> {
    const send = this.url.protocol === 'https:' ? httpsRequest : httpRequest;
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const { host } = this.url;
    return new Promise((resolve, reject) => {
      const options = { method: 'POST', agent: this.agent, headers };
      const request = send(this.url, options, (response) => {
        response.resume(); // read to the end: an unread response holds its socket
        response.on('end', () => {
          const status = response.statusCode ?? 0;
          if (status >= 200 && status < 300) resolve();
          else {
            const retryAfterMs = waitOf(response.headers['retry-after']);
            const words = `${host} answered ${status}`;
            reject(new AttemptError(words, RETRYABLE.has(status), retryAfterMs));
          }
        });
        response.on('error', reject);
      });
      const late = setTimeout(() => {
        request.destroy(new AttemptError(`${host} did not answer in time`, false));
      }, timeoutMs).unref();
      request.on('close', () => {
        clearTimeout(late);
      });
      request.on('socket', (socket) => {
        socket.unref(); // a service that ends does not wait for a Zipkin that hangs
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        if (error instanceof AttemptError) reject(error);
        else {
          // The server closed a kept connection while the batch was sent on it: a new one may work at once.
          const stale = request.reusedSocket && error.code === 'ECONNRESET';
          reject(new AttemptError(error.message, true, stale ? 0 : undefined, { cause: error }));
        }
      });
      request.end(body);
    });
  }
}

/** One attempt to send a batch failed. */
class AttemptError extends Error {
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

function backOffMs(failures: number): number {
  const boundMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
  return boundMs * (0.5 + Math.random() / 2);
}

/** `retry-after` in ms: seconds, or a date. Undefined for anything else. */
function waitOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
