import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { parseOtlpJson, parseOtlpProto } from './parse-otlp.ts';
import { parseProtoSpans } from './parse-proto.ts';
import { parseSpans } from './parse-spans.ts';
import { parseV1Spans } from './parse-v1.ts';
import { MalformedError, type Span } from './span.ts';
import type { TraceStore } from './trace-store.ts';

/** Limit of one post, also after unpacking. Exporters send some hundred spans of about 1 kB at a time. */
export const MAX_BODY_BYTES = 5 * 1024 * 1024;

const JSON_TYPE = 'application/json';
const PROTOBUF_TYPE = 'application/x-protobuf';

/** Code of a request that cannot be read in gRPC's list, which OTLP's errors have. */
const INVALID_ARGUMENT = 3;

type Posted = FastifyRequest<{ Body: Buffer | undefined }>;

/**
 * Zipkin's `POST /api/v2/spans` and `/api/v1/spans`, and OTLP's `POST /v1/traces`. All of a post is kept, or nothing. A content type
 * must say what comes: a web page can send any other to a server that does not know it (Zipkin reads them all).
 */
export function spansApi(app: FastifyInstance, store: TraceStore): void {
  app.removeAllContentTypeParsers();
  const types = [JSON_TYPE, PROTOBUF_TYPE];
  app.addContentTypeParser(types, { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  const accept = async (
    request: Posted,
    parseJson: (body: string) => Span[],
    parseProto: (body: Buffer) => Span[],
  ): Promise<void> => {
    const body = await bodyOf(request);
    store.accept(isProtobuf(request) ? parseProto(body) : parseJson(body.toString()));
  };
  app.post('/api/v2/spans', async (request: Posted, reply) => {
    await accept(request, parseSpans, parseProtoSpans);
    return reply.status(202).send();
  });
  app.post('/api/v1/spans', async (request: Posted, reply) => {
    await accept(request, parseV1Spans, () => {
      throw new UnknownTypeError(
        'Spans of version 1 are read as JSON; send protobuf to /api/v2/spans',
      );
    });
    return reply.status(202).send();
  });
  app.post('/v1/traces', async (request: Posted, reply) => {
    try {
      await accept(request, parseOtlpJson, parseOtlpProto);
    } catch (error) {
      if (error instanceof MalformedError) return refuse(request, reply, error.message);
      throw error;
    }
    // An empty ExportTraceServiceResponse: all spans are taken.
    return isProtobuf(request) ? reply.type(PROTOBUF_TYPE).send(Buffer.alloc(0)) : {};
  });
}

/** What is read instead of that content type. */
export function refusedType(contentType: string | undefined): string {
  if (contentType?.includes('thrift')) {
    return 'Thrift is not read; send JSON to /api/v1/spans, or JSON or protobuf to /api/v2/spans';
  }
  return `Spans are read as ${JSON_TYPE} or ${PROTOBUF_TYPE} only`;
}

function isProtobuf({ headers }: FastifyRequest): boolean {
  return headers['content-type']?.toLowerCase().startsWith(PROTOBUF_TYPE) ?? false;
}

async function bodyOf({ headers, body = Buffer.alloc(0) }: Posted): Promise<Buffer> {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.includes('gzip')) return unzip(body);
  if (encoding !== 'identity') throw new UnknownTypeError(`Cannot read the encoding ${encoding}`);
  return body;
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

/** With a `Status`, in the form of the request. */
function refuse(request: FastifyRequest, reply: FastifyReply, message: string): FastifyReply {
  if (!isProtobuf(request)) return reply.status(400).send({ code: INVALID_ARGUMENT, message });
  const text = Buffer.from(message).subarray(0, 127); // so that its length is one byte
  const status = Buffer.concat([Buffer.from([0x08, INVALID_ARGUMENT, 0x12, text.length]), text]);
  return reply.status(400).type(PROTOBUF_TYPE).send(status);
}

class TooLargeError extends Error {
  readonly statusCode = 413;
}

class UnknownTypeError extends Error {
  readonly statusCode = 415;
}
