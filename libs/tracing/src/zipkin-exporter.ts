import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { Delivery } from './delivery.ts';
import { HttpSender } from './http-sender.ts';
import { type LocalAddress, toZipkin, type ZipkinSpan } from './zipkin-encoder.ts';

/** Options of `ZipkinExporter`. */
export interface ZipkinExporterOptions {
  /** A v2 span end point, `http://zipkin:9411/api/v2/spans`. */
  readonly url: string;
  /** For a batch with all its attempts. Default 30 s. */
  readonly timeoutMs?: number;
  /** Where the process listens, as the local end point of its spans shows it. */
  readonly localAddress?: LocalAddress;
  /** Default: `toZipkin`, with the local address. */
  readonly encode?: (span: ReadableSpan) => ZipkinSpan;
}

/** Posts batches to a Zipkin v2 end point. Spans that came twice have the same ids, so Zipkin shows them once. */
export class ZipkinExporter implements SpanExporter {
  private readonly delivery: Delivery;
  private readonly encode: (span: ReadableSpan) => ZipkinSpan;

  constructor({ url, timeoutMs = 30_000, localAddress = {}, encode }: ZipkinExporterOptions) {
    const sender = new HttpSender(url, { 'content-type': 'application/json' }, isRetryable);
    this.delivery = new Delivery(sender, timeoutMs);
    this.encode = encode ?? ((span) => toZipkin(span, localAddress, false));
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.delivery.send(Buffer.from(JSON.stringify(spans.map(this.encode)))).then(
      () => {
        done({ code: ExportResultCode.SUCCESS });
      },
      (error: unknown) => {
        const known = error instanceof Error ? error : new Error(String(error));
        done({ code: ExportResultCode.FAILED, error: known });
      },
    );
  }

  forceFlush(): Promise<void> {
    return this.delivery.flush();
  }

  /** The service ends: from now on a batch has one attempt. */
  lastAttempts(): void {
    this.delivery.lastAttempts();
  }

  shutdown(): Promise<void> {
    return this.delivery.close();
  }
}

/** Zipkin answers 500 while its own store is unavailable. */
function isRetryable(status: number): boolean {
  return status === 429 || status >= 500;
}
