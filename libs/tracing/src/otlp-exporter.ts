import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ISerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Delivery, type Sender } from './delivery.ts';
import { GrpcSender } from './grpc-sender.ts';
import { HttpSender } from './http-sender.ts';
import type { OtlpConfig, OtlpProtocol, Signal } from './otlp-config.ts';
import { VERSION } from './scope.ts';

/** The collector took a batch but not all of it. */
export class RejectedError extends Error {
  override readonly name = 'RejectedError';

  constructor(
    readonly items: number,
    message: string,
  ) {
    super(message === '' ? 'rejected by the collector' : message);
  }
}

/** How an exporter is named in counts and in the log. */
export const COMPONENTS: Readonly<Record<OtlpProtocol, string>> = {
  grpc: 'otlp_grpc',
  'http/protobuf': 'otlp_http',
  'http/json': 'otlp_http_json',
};

const SERVICES: Readonly<Record<Signal, string>> = {
  traces: 'trace.v1.TraceService',
  metrics: 'metrics.v1.MetricsService',
  logs: 'logs.v1.LogsService',
};

/** As the protocol has it; with another status a client must not try again. */
const RETRYABLE = new Set([429, 502, 503, 504]);

/** Sends one signal by OTLP, over gRPC or HTTP, in the form that the serializer writes. */
export class OtlpExporter<T> {
  private readonly delivery: Delivery;

  constructor(
    signal: Signal,
    private readonly config: OtlpConfig,
    private readonly serializer: ISerializer<T, Answer>,
  ) {
    this.delivery = new Delivery(senderOf(signal, config), config.timeoutMs);
  }

  export(items: T, done: (result: ExportResult) => void): void {
    this.send(items).then(
      (rejected) => {
        if (rejected) done({ code: ExportResultCode.FAILED, error: rejected });
        else done({ code: ExportResultCode.SUCCESS });
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

  private async send(items: T): Promise<RejectedError | undefined> {
    const plain = Buffer.from(this.serializer.serializeRequest(items) ?? []);
    const body = this.config.gzip ? await promisify(gzip)(plain) : plain;
    const answer = await this.delivery.send(body);
    if (answer.length === 0) return undefined;
    return rejection(this.serializer, answer);
  }
}

/** An exporter of spans. The encoder is loaded on demand: few shops send OTLP, and the embedded way has no memory to spare for it. */
export async function spanExporter(config: OtlpConfig): Promise<OtlpExporter<ReadableSpan[]>> {
  const otlp = await import('@opentelemetry/otlp-transformer');
  const json = config.protocol === 'http/json';
  const serializer = json ? otlp.JsonTraceSerializer : otlp.ProtobufTraceSerializer;
  return new OtlpExporter('traces', config, serializer);
}

/** The same of log records. */
export async function logExporter(config: OtlpConfig): Promise<OtlpExporter<ReadableLogRecord[]>> {
  const otlp = await import('@opentelemetry/otlp-transformer');
  const json = config.protocol === 'http/json';
  const serializer = json ? otlp.JsonLogsSerializer : otlp.ProtobufLogsSerializer;
  return new OtlpExporter('logs', config, serializer);
}

interface Answer {
  partialSuccess?: Readonly<Record<string, unknown>> | object | undefined;
}

/** A server that takes a batch may answer anything: what is not OTLP says nothing. */
function rejection(
  serializer: ISerializer<never, Answer>,
  answer: Buffer,
): RejectedError | undefined {
  let said: Readonly<Record<string, unknown>>;
  try {
    said = { ...serializer.deserializeResponse(answer).partialSuccess };
  } catch {
    return undefined;
  }
  const { rejectedSpans, rejectedDataPoints, rejectedLogRecords, errorMessage } = said;
  const items = Number(rejectedSpans ?? rejectedDataPoints ?? rejectedLogRecords ?? 0);
  const words = typeof errorMessage === 'string' ? errorMessage : '';
  return items > 0 ? new RejectedError(items, words) : undefined;
}

function senderOf(signal: Signal, { protocol, url, headers, gzip, tls }: OtlpConfig): Sender {
  const own = lowerCase({ ...headers, 'user-agent': `sockshop-tracing/${VERSION}` });
  if (protocol === 'grpc') {
    const path = `/opentelemetry.proto.collector.${SERVICES[signal]}/Export`;
    return new GrpcSender(url, path, own, gzip, tls);
  }
  const type = protocol === 'http/json' ? 'application/json' : 'application/x-protobuf';
  const encoding = gzip ? { 'content-encoding': 'gzip' } : {};
  const all = { ...own, 'content-type': type, ...encoding };
  return new HttpSender(url, all, (status) => RETRYABLE.has(status), tls);
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
