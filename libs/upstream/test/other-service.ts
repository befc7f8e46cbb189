import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

type Answer = (response: ServerResponse, request: Received, earlier: number) => unknown;

/** A small real server in the place of another service. */
export class OtherService {
  readonly received: Received[] = [];
  connections = 0;

  private constructor(
    readonly url: string,
    readonly port: number,
    private readonly server: ReturnType<typeof createServer>,
  ) {}

  /** `answer` gets the number of earlier requests. `port` 0: any free one. */
  static async start(answer: Answer, port = 0): Promise<OtherService> {
    const server = createServer();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address() as AddressInfo; // a TCP server has no other kind of address
    const other = new OtherService(`http://127.0.0.1:${address.port}`, address.port, server);
    server.on('connection', () => {
      other.connections += 1;
    });
    server.on('request', (request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => (body += part));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        const received = { method, url, headers, body };
        other.received.push(received);
        answer(response, received, other.received.length - 1);
      });
    });
    return other;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
