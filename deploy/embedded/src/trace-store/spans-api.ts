import type { FastifyInstance } from 'fastify';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { parseSpans } from './parse-spans.ts';
import { MalformedError } from './span.ts';
import type { TraceStore } from './trace-store.ts';

/** Limit of one post, also after unpacking. Exporters send some hundred spans of about 1 kB at a time. */
export const MAX_BODY_BYTES = 5 * 1024 * 1024;

/**
 * `POST /api/v2/spans`: reads JSON that is sent as JSON. A web page can send any other content type to a server that does not know it (Zipkin
 * reads them all).
 */
export function spansApi(app: FastifyInstance, store: TraceStore): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  app.post<{ Body: Buffer | undefined }>('/api/v2/spans', async (request, reply) => {
    const zipped = request.headers['content-encoding']?.includes('gzip');
    const body = request.body ?? Buffer.alloc(0);
    store.accept(parseSpans((zipped ? await unzip(body) : body).toString()));
    return reply.status(202).send();
  });
}

async function unzip(body: Buffer): Promise<Buffer> {
  try {
    return await promisify(gunzip)(body, { maxOutputLength: MAX_BODY_BYTES });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException; // zlib throws nothing else
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new TooLargeError('Request body is too large');
    throw new MalformedError('Cannot gunzip spans', { cause });
  }
}

class TooLargeError extends Error {
  readonly statusCode = 413;
}
