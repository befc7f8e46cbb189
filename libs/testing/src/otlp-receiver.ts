import {
  type handleUnaryCall,
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { gunzipSync } from 'node:zlib';
import {
  decodeRequest,
  encodeResponse,
  type OtlpMessage,
  type Signal,
  SIGNALS,
} from './otlp-messages.ts';
import { type Answer, HANG, type Received, StandIn } from './stand-in.ts';

export type OtlpProtocol = 'grpc' | 'http/protobuf' | 'http/json';

/** An export request as it came. */
export interface OtlpRequest {
  readonly signal: Signal;
  readonly protocol: OtlpProtocol;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly message: OtlpMessage;
}

/** How a request is answered: an HTTP status (with gRPC its code), how much of it is refused, or never. */
export type OtlpAnswer = { status?: number; rejected?: number } | 'hang';

/** A span, data point or log record with what it belongs to; attributes as a plain object. */
export interface OtlpItem {
  readonly resource: Readonly<Record<string, unknown>>;
  readonly resourceSchemaUrl: string;
  readonly scope: OtlpMessage;
  readonly schemaUrl: string;
  readonly item: OtlpMessage;
}

const GROUPS = {
  traces: ['resourceSpans', 'scopeSpans', 'spans'],
  metrics: ['resourceMetrics', 'scopeMetrics', 'metrics'],
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
} as const;

const SERVICES = { traces: 'Trace', metrics: 'Metrics', logs: 'Logs' } as const;

/**
 * A real receiver of OTLP: protobuf and JSON over HTTP on one port, gRPC by its own library on another. It keeps what came, decoded from the protocol's
 * own numbers, so that no encoder checks itself.
 */
export class OtlpReceiver {
  readonly requests: OtlpRequest[] = [];
  /** Answers instead of 200 and OK. `earlier`: requests before this one. */
  behaviour: (earlier: number) => OtlpAnswer | Promise<OtlpAnswer> = () => ({});
  private readonly grpc = new Server();
  private grpcPort = 0;

  private constructor(private readonly http: StandIn) {}

  static async start(): Promise<OtlpReceiver> {
    const http = await StandIn.start(() => HANG);
    const receiver = new OtlpReceiver(http);
    http.instead = (request) => receiver.overHttp(request);
    await receiver.listen();
    return receiver;
  }

  /** The end point of a protocol. */
  url(protocol: OtlpProtocol): string {
    return protocol === 'grpc' ? `http://127.0.0.1:${this.grpcPort}` : this.http.url;
  }

  /** The spans, metrics or log records of all requests. */
  items(signal: Signal): OtlpItem[] {
    const [byResource, byScope, list] = GROUPS[signal];
    return this.requests
      .filter((request) => request.signal === signal)
      .flatMap(({ message }) => messages(message[byResource]))
      .flatMap((group) =>
        messages(group[byScope]).flatMap((scoped) =>
          messages(scoped[list]).map((item) => ({
            resource: attributesOf(group['resource']),
            resourceSchemaUrl: (group['schemaUrl'] ?? '') as string,
            scope: (scoped['scope'] ?? {}) as OtlpMessage, // an object of the protocol
            schemaUrl: (scoped['schemaUrl'] ?? '') as string,
            item,
          })),
        ),
      );
  }

  async close(): Promise<void> {
    this.grpc.forceShutdown();
    await this.http.close();
  }

  private async listen(): Promise<void> {
    for (const signal of SIGNALS) {
      const path = `/opentelemetry.proto.collector.${signal === 'traces' ? 'trace' : signal}.v1.${SERVICES[signal]}Service/Export`;
      this.grpc.addService(unary(path), this.handler(signal));
    }
    const credentials = ServerCredentials.createInsecure();
    this.grpcPort = await new Promise((resolve, reject) => {
      this.grpc.bindAsync('127.0.0.1:0', credentials, (error, port) => {
        if (error) reject(error);
        else resolve(port);
      });
    });
  }

  private handler(signal: Signal): UntypedServiceImplementation {
    const answered = async (
      request: Buffer,
      headers: OtlpRequest['headers'],
      callback: sendUnaryData<Buffer>,
    ): Promise<void> => {
      const answer = await this.take(signal, 'grpc', headers, decodeRequest(signal, request));
      if (answer === 'hang') return;
      const { status: code = 0, rejected = 0 } = answer;
      if (code === 0) callback(null, encodeResponse(rejected, 'too much'));
      else callback(Object.assign(new Error('not now'), { code }));
    };
    const take: handleUnaryCall<Buffer, Buffer> = ({ request, metadata }, callback) => {
      void answered(request, metadata.getMap(), callback);
    };
    return { Export: take };
  }

  private async overHttp(request: Received): Promise<Answer> {
    const signal = SIGNALS.find((each) => request.path === `/v1/${each}`);
    if (signal === undefined) return { status: 404 };
    const bytes =
      request.headers['content-encoding'] === 'gzip' ? gunzipSync(request.bytes) : request.bytes;
    const json = request.headers['content-type'] === 'application/json';
    const message = json
      ? (JSON.parse(bytes.toString()) as OtlpMessage) // the form of OTLP/JSON
      : decodeRequest(signal, bytes);
    const protocol = json ? 'http/json' : 'http/protobuf';
    const answer = await this.take(signal, protocol, request.headers, message);
    if (answer === 'hang') return HANG;
    const { status: code = 200, rejected = 0 } = answer;
    const name = { traces: 'Spans', metrics: 'DataPoints', logs: 'LogRecords' }[signal];
    const partialSuccess = { [`rejected${name}`]: String(rejected), errorMessage: 'too much' };
    const body = json
      ? { ...(rejected > 0 && { partialSuccess }) }
      : encodeResponse(rejected, 'too much');
    return { status: code, body };
  }

  private take(
    signal: Signal,
    protocol: OtlpProtocol,
    headers: Readonly<Record<string, unknown>>,
    message: OtlpMessage,
  ): OtlpAnswer | Promise<OtlpAnswer> {
    return this.behaviour(this.requests.push({ signal, protocol, headers, message }) - 1);
  }
}

/** One method that passes bytes on as they are. */
function unary(path: string): ServiceDefinition {
  const same = (bytes: Buffer): Buffer => bytes;
  return {
    Export: {
      path,
      requestStream: false,
      responseStream: false,
      requestSerialize: same,
      requestDeserialize: same,
      responseSerialize: same,
      responseDeserialize: same,
    },
  };
}

/** The attributes of a message of the protocol as a plain object. */
export function attributesOf(of: unknown): Record<string, unknown> {
  const pairs = messages((of as OtlpMessage | undefined)?.['attributes']);
  return Object.fromEntries(pairs.map(({ key, value }) => [String(key), valueOf(value)]));
}

/** A value of the protocol, say `{ stringValue: 'a' }`, as it is in JavaScript. */
export function valueOf(value: unknown): unknown {
  const [[kind, content] = []] = Object.entries((value ?? {}) as OtlpMessage);
  if (kind === 'intValue') return Number(content);
  if (kind === 'arrayValue') return messages((content as OtlpMessage)['values']).map(valueOf);
  if (kind === 'kvlistValue')
    return attributesOf({ attributes: (content as OtlpMessage)['values'] });
  return content;
}

function messages(list: unknown): OtlpMessage[] {
  return (list ?? []) as OtlpMessage[]; // a repeated field of the protocol
}
