import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { ZipkinSpan } from './zipkin-encoder.ts';

/**
 * Posts batches to a Zipkin v2 end point over one kept connection. A batch that fails is lost and reported to the batch processor;
 * no request waits for it. Its own requests are not traced.
 */
export class ZipkinExporter implements SpanExporter {
  private readonly url: URL;
  private readonly agent: HttpAgent;
  private readonly pending = new Set<Promise<void>>();

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

  async shutdown(): Promise<void> {
    await this.forceFlush();
    this.agent.destroy();
  }

  private async post(body: string): Promise<void> {
    try {
      await this.attempt(body);
    } catch (error) {
      if (!(error instanceof StaleSocketError)) throw error;
      await this.attempt(body);
    }
  }

  private attempt(body: string): Promise<void> {
    const send = this.url.protocol === 'https:' ? httpsRequest : httpRequest;
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    return new Promise((resolve, reject) => {
      const options = { method: 'POST', agent: this.agent, headers, timeout: this.timeoutMs };
      const request = send(this.url, options, (response) => {
        response.resume(); // read to the end: an unread response holds its socket
        response.on('end', () => {
          const status = response.statusCode ?? 0;
          if (status >= 200 && status < 300) resolve();
          else reject(new Error(`${this.url.host} answered ${status}`));
        });
        response.on('error', reject);
      });
      request.on('timeout', () =>
        request.destroy(new Error(`${this.url.host} did not answer in time`)),
      );
      request.on('error', (error: NodeJS.ErrnoException) => {
        const stale = request.reusedSocket && error.code === 'ECONNRESET';
        reject(stale ? new StaleSocketError(error) : error);
      });
      request.end(body);
    });
  }
}

/** The server closed a kept connection while the next batch was sent on it. Another attempt on a new connection may succeed. */
class StaleSocketError extends Error {
  override readonly name = 'StaleSocketError';

  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}
