import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

type Answer = (response: ServerResponse, earlier: number) => unknown;

/** A small real HTTP server in the place of Zipkin or an OTLP collector. */
export class Collector {
  readonly received: Received[] = [];
  connections = 0;

  private constructor(
    readonly url: string,
    private readonly server: ReturnType<typeof createServer>,
  ) {}

  /** `answer` gets the number of earlier requests; default: 202 at once. `port` 0: any free one. */
  static async start(
    answer: Answer = (response) => response.writeHead(202).end(),
    port = 0,
  ): Promise<Collector> {
    const server = createServer();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address() as AddressInfo; // a TCP server has no other kind of address
    const collector = new Collector(`http://127.0.0.1:${address.port}`, server);
    server.on('connection', () => {
      collector.connections += 1;
    });
    server.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts);
        collector.received.push({ path: request.url ?? '', headers: request.headers, body });
        answer(response, collector.received.length - 1);
      });
    });
    return collector;
  }

  /** Every request's body, read as a JSON list, in one list. */
  items<T>(): T[] {
    return this.received.flatMap(({ body }) => JSON.parse(body.toString()) as T[]);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
