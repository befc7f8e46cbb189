import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions, request as httpsRequest } from 'node:https';
import { AttemptError, type Sender } from './delivery.ts';
import { untraced } from './untraced.ts';

/** Posts to one URL over kept connections, and is not traced. */
export class HttpSender implements Sender {
  private readonly url: URL;
  private readonly agent: HttpAgent;

  constructor(
    url: string,
    private readonly headers: Readonly<Record<string, string>>,
    /** Whether an answer of this status means that the server will take the batch later. */
    private readonly isRetryable: (status: number) => boolean,
    tls: AgentOptions = {},
  ) {
    this.url = new URL(url);
    const options = { keepAlive: true, maxSockets: 2, ...tls };
    this.agent = this.url.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
  }

  attempt(body: Buffer, timeoutMs: number): Promise<Buffer> {
    const send = this.url.protocol === 'https:' ? httpsRequest : httpRequest;
    const headers = { ...this.headers, 'content-length': body.length };
    const { host } = this.url;
    return new Promise((resolve, reject) => {
      const options = { method: 'POST', agent: this.agent, headers };
      const request = untraced(() => send(this.url, options)).on('response', (response) => {
        const parts: Buffer[] = []; // read to the end: an unread response holds its socket
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          const status = response.statusCode ?? 0;
          if (status >= 200 && status < 300) resolve(Buffer.concat(parts));
          else {
            const retryAfterMs = waitOf(response.headers['retry-after']);
            const words = `${host} answered ${status}`;
            reject(new AttemptError(words, this.isRetryable(status), retryAfterMs));
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
        socket.unref(); // a service that ends does not wait for a collector that hangs
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

  close(): void {
    this.agent.destroy();
  }
}

/** `retry-after` in ms: seconds, or a date. Undefined for anything else. */
function waitOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
