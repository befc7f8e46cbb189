import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A received request. */
export class Received {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;

  constructor(
    { method = '', url = '', headers }: IncomingMessage,
    readonly bytes: Buffer,
  ) {
    const { pathname, searchParams } = new URL(url, 'http://stand-in');
    this.method = method;
    this.url = url;
    this.path = pathname;
    this.query = searchParams;
    this.headers = headers;
  }

  get text(): string {
    return this.bytes.toString();
  }

  /** The received JSON object; empty for an empty body. */
  get body(): Record<string, unknown> {
    return (this.text === '' ? {} : JSON.parse(this.text)) as Record<string, unknown>; // what callers send
  }
}

/** Text and bytes are sent unchanged, everything else as JSON. A function writes the response itself. */
export type Answer =
  | {
      status: number;
      headers?: Record<string, string | string[]>;
      body?: unknown;
    }
  | ((response: ServerResponse) => unknown);

/** `earlier` is the number of requests before this one. */
export type Behaviour<A = Answer> = (request: Received, earlier: number) => A | Promise<A>;

/** Ends the connection without an answer. */
export const CUT: Answer = ({ socket }) => socket?.destroy();

/** Never answers. */
export const HANG: Answer = () => undefined;

/** A small real HTTP server that replaces another one and keeps the requests. */
export class StandIn {
  received: Received[] = [];
  connections = 0;
  port = 0;
  /** Replaces the usual behaviour, except for requests for which it returns undefined. */
  instead: Behaviour<Answer | undefined> | undefined;
  private readonly server: Server;

  private constructor(private readonly usual: Behaviour) {
    this.server = createServer((request, response) => {
      void this.serve(request, response);
    });
    this.server.on('connection', () => (this.connections += 1));
  }

  /** `port` 0: any free one. */
  static async start(usual: Behaviour, port = 0): Promise<StandIn> {
    const standIn = new StandIn(usual);
    standIn.server.listen(port, '127.0.0.1');
    await once(standIn.server, 'listening');
    standIn.port = (standIn.server.address() as AddressInfo).port; // a TCP server has no other kind of address
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The elements of all received JSON lists, in one list. */
  items<T>(): T[] {
    return this.received.flatMap(({ text }) => JSON.parse(text) as T[]);
  }

  /** Forgets the requests and restores the usual behaviour. */
  reset(): void {
    this.received = [];
    this.instead = undefined;
  }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.server.close(done));
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = new Received(request, await buffer(request));
    const earlier = this.received.push(received) - 1;
    const answer =
      (await this.instead?.(received, earlier)) ?? (await this.usual(received, earlier));
    if (typeof answer === 'function') {
      answer(response);
      return;
    }
    const { status, headers, body } = answer;
    const raw = body === undefined || typeof body === 'string' || Buffer.isBuffer(body);
    if (!raw) response.setHeader('content-type', 'application/json');
    response.writeHead(status, headers).end(raw ? body : JSON.stringify(body));
  }
}
