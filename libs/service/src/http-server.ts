import type { FastifyInstance } from 'fastify';
import { type OutgoingHttpHeaders, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ShopError } from './problem.ts';

/** Longest time for a whole request to arrive, in ms. Its response may take any time. */
const REQUEST_MS = 15_000;
/** How often the server looks for requests that take longer. */
const CHECK_MS = 1000;

/** A response to what is not a request. */
export interface Refusal {
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
}

export interface HttpServerOptions {
  /** Default 15 s. */
  readonly requestMs?: number | undefined;
  /** Writes the response to what Node's parser refuses: no route, hook or filter sees it. */
  readonly refuse: (status: number, detail: string) => Refusal;
  /** Called when a request that a route handles ends with such a response. */
  readonly refused?: (response: ServerResponse, status: number) => void;
}

/** Fastify's options for a server that waits a bounded time for requests, and refuses what it cannot read as it refuses anything else. */
export function httpServer({ requestMs = REQUEST_MS, refuse, refused }: HttpServerOptions) {
  return {
    requestTimeout: requestMs,
    http: {
      headersTimeout: requestMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: Math.min(CHECK_MS, requestMs),
      requireHostHeader: false, // refused by a hook instead
    },
    clientErrorHandler: (error: Error & { code?: string }, socket: Socket) => {
      const { code = '' } = error;
      const { status, detail } = MEANINGS[code] ?? MALFORMED;
      // `_httpMessage` is the response that the socket belongs to; Node's own handler reads it, too.
      const { _httpMessage: running } = socket as Socket & { _httpMessage?: ServerResponse | null };
      if (running && isRefusal(code)) refused?.(running, status);
      if (socket.writable && running?.headersSent !== true) {
        socket.write(message(status, refuse(status, detail)));
      }
      socket.destroy(error);
    },
  };
}

/** What Node's server would answer itself, without the headers of other responses. */
export function answerLikeOthers(fastify: FastifyInstance): void {
  fastify.server.on('checkExpectation', (request, response) => {
    fastify.server.emit('request', request, response); // an expectation that HTTP does not know may be ignored
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { httpVersion, headers } = request.raw;
    if (headers.host !== undefined || httpVersion === '1.0') done();
    else done(new ShopError(400, 'a request must have the header host'));
  });
}

/** Other errors say that the caller is gone, also in the middle of a request. */
function isRefusal(code: string): boolean {
  return code in MEANINGS || (code.startsWith('HPE_') && code !== 'HPE_INVALID_EOF_STATE');
}

const MALFORMED = { status: 400, detail: 'this is not an HTTP request' };
const MEANINGS: Readonly<Record<string, typeof MALFORMED>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: 'the request took too long to arrive' },
  HPE_HEADER_OVERFLOW: { status: 431, detail: 'the headers are too large; send at most 16 KiB' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, detail: 'the chunk extensions are too large' },
};

function message(status: number, { headers, body }: Refusal): string {
  const all = {
    ...headers,
    'content-length': Buffer.byteLength(body),
    date: new Date().toUTCString(),
    connection: 'close',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${String(value)}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}\r\n${lines.join('')}\r\n${body}`;
}
