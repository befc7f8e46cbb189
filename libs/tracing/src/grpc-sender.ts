import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
  type SecureClientSessionOptions,
} from 'node:http2';
import { AttemptError, type Sender } from './delivery.ts';

/** Status codes of gRPC with which OpenTelemetry's protocol lets a client try again. */
const RETRYABLE = new Set([1, 4, 10, 11, 14, 15]);
/** Too much at once: again only if the server says so. */
const RESOURCE_EXHAUSTED = 8;

/** Calls one method of a gRPC server over a kept connection: what a collector needs of gRPC, without its 2 MB of packages. */
export class GrpcSender implements Sender {
  private session: ClientHttp2Session | undefined;
  private readonly host: string;

  /** `path`: `/package.Service/Method`. */
  constructor(
    private readonly url: string,
    private readonly path: string,
    private readonly headers: Readonly<Record<string, string>>,
    private readonly gzip: boolean,
    private readonly tls: SecureClientSessionOptions = {},
  ) {
    this.host = new URL(url).host;
  }

  attempt(message: Buffer, timeoutMs: number): Promise<Buffer> {
    const used = this.session !== undefined;
    const stream = this.call(timeoutMs);
    return new Promise((resolve, reject) => {
      const parts: Buffer[] = [];
      let status: IncomingHttpHeaders = {};
      const failed = (error: Error): void => {
        // The server closed a kept connection while the batch was sent on it: a new one may work at once.
        const stale = used && parts.length === 0;
        if (error instanceof AttemptError) reject(error);
        else reject(new AttemptError(error.message, true, stale ? 0 : undefined, { cause: error }));
      };
      const late = setTimeout(() => {
        failed(new AttemptError(`${this.host} did not answer in time`, false));
        stream.close();
      }, timeoutMs).unref();
      const take = (headers: IncomingHttpHeaders): void => {
        status = { ...status, ...headers };
      };
      stream.on('response', take);
      stream.on('trailers', take);
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('error', failed);
      stream.on('close', () => {
        clearTimeout(late);
        const error = this.refusal(status);
        if (error) failed(error);
        else resolve(Buffer.concat(parts).subarray(PREFIX_BYTES));
      });
      stream.end(this.frame(message));
    });
  }

  close(): void {
    this.session?.destroy();
  }

  private call(timeoutMs: number): ClientHttp2Stream {
    this.session ??= this.connected();
    const stream = this.session.request({
      ...this.headers,
      ':method': 'POST',
      ':path': this.path,
      'content-type': 'application/grpc',
      te: 'trailers',
      'grpc-timeout': `${Math.ceil(timeoutMs / 1000)}S`,
      ...(this.gzip && { 'grpc-encoding': 'gzip' }),
    });
    return stream;
  }

  private connected(): ClientHttp2Session {
    const session = connect(this.url, this.tls);
    session.unref(); // a service that ends does not wait for a collector that hangs
    const gone = (): void => {
      if (this.session === session) this.session = undefined;
    };
    session.on('error', gone); // the call reports it
    session.on('goaway', gone);
    session.on('close', gone);
    return session;
  }

  /** Compressed or not, and the length; then the message. */
  private frame(message: Buffer): Buffer {
    const prefix = Buffer.alloc(PREFIX_BYTES);
    prefix.writeUInt8(this.gzip ? 1 : 0, 0);
    prefix.writeUInt32BE(message.length, 1);
    return Buffer.concat([prefix, message]);
  }

  /** Undefined if the server took the message. */
  private refusal(of: IncomingHttpHeaders): AttemptError | undefined {
    const http = Number(of[':status'] ?? 200);
    const given = of['grpc-status'];
    if (given === undefined) {
      const words = http === 200 ? 'no status' : String(http);
      const retryable = http === 200 || http === 429 || http >= 502;
      return new AttemptError(`${this.host} answered ${words}`, retryable);
    }
    const code = Number(given);
    if (code === 0) return undefined;
    const details = Buffer.from(String(of['grpc-status-details-bin'] ?? ''), 'base64');
    const asked = code === RESOURCE_EXHAUSTED && details.includes('google.rpc.RetryInfo');
    const words = decodeURIComponent(String(of['grpc-message'] ?? ''));
    const said = `${this.host} answered gRPC status ${code}${words === '' ? '' : ` ${words}`}`;
    return new AttemptError(said, asked || RETRYABLE.has(code));
  }
}

const PREFIX_BYTES = 5;
