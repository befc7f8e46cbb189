import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

export interface Answered {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A small real server in the place of one upstream. */
export interface StandIn {
  url: string;
  /** Every request so far. */
  asked: Asked[];
  /** Answers in place of the usual ones, as long as it says something. */
  instead: ((asked: Asked) => Answered | undefined | Promise<Answered | undefined>) | undefined;
  close(): Promise<void>;
}

/** Bodies are JSON unless they are bytes; no body, no content type. */
export async function standIn(usual: (asked: Asked) => Answered): Promise<StandIn> {
  const handle = async (asked: Asked): Promise<Answered> => {
    self.asked.push(asked);
    return (await self.instead?.(asked)) ?? usual(asked);
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { pathname: path, searchParams: query } = new URL(request.url!, 'http://stand-in');
      const text = Buffer.concat(chunks).toString();
      const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
      const { method = '', headers } = request;
      void handle({ method, path, query, headers, body }).then((answered) => {
        const json = answered.body !== undefined && !Buffer.isBuffer(answered.body);
        if (json) response.setHeader('content-type', 'application/json');
        response.writeHead(answered.status, answered.headers);
        response.end(json ? JSON.stringify(answered.body) : answered.body);
      });
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const self: StandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    instead: undefined,
    close: () =>
      new Promise((closed) => {
        server.close(() => {
          closed();
        });
        server.closeAllConnections();
      }),
  };
  return self;
}
