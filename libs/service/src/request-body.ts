import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { ShopError, tooLarge } from './problem.ts';

type Inflate = (bytes: Buffer, limits: { maxOutputLength: number }) => Promise<Buffer>;

/** By the name in `content-encoding`. */
const CODINGS: ReadonlyMap<string, Inflate> = new Map<string, Inflate>([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)], // RFC 9110: the same
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);
const ACCEPTED_CODINGS = 'gzip, deflate, br';
const JSON_TYPE = 'application/json';

/**
 * Accepts JSON bodies, also compressed ones: any other gets 415 with what to send instead. An empty body counts as none whatever its content
 * type, as jQuery's clients label empty bodies, and others send them as forms.
 */
export function readJsonBodies(fastify: FastifyInstance): void {
  fastify.addHook('preParsing', (request, _reply, payload, done) => {
    // Without its type, Fastify gives a body to the parser of all other types; it would refuse an unreadable type before the body is read.
    const { headers } = request.raw;
    if (headers['content-type'] !== undefined && !isJson(request)) delete headers['content-type'];
    const coding = headers['content-encoding']?.trim().toLowerCase() ?? '';
    if (coding === '' || coding === 'identity') {
      done(null, payload);
      return;
    }
    decoded(payload, coding, request).then(
      (plain) => {
        done(null, plain);
      },
      (error: unknown) => {
        done(error as FastifyError); // decoded() throws errors with a status
      },
    );
  });

  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(JSON_TYPE, { parseAs: 'string' }, (request, body, done) => {
    const text = body.toString();
    if (text === '') done(null, undefined);
    else if (hasLoneSurrogate(text))
      done(new ShopError(400, 'a text has half of a surrogate pair'));
    else void parse(request, text, done);
  });
  fastify.addContentTypeParser('*', (_request, payload, done) => {
    const end = (error: Error | null): void => {
      payload.removeListener('data', refuse).removeListener('end', empty);
      done(error, undefined);
    };
    const refuse = (): void => {
      const headers = { accept: JSON_TYPE };
      end(
        new ShopError(415, `send the body as JSON, with content-type: ${JSON_TYPE}`, { headers }),
      );
    };
    const empty = (): void => {
      end(null);
    };
    payload.once('data', refuse).once('end', empty).once('error', done);
  });
}

/** The body without its coding. @throws ShopError for one that is not known here. */
async function decoded(
  payload: Readable,
  coding: string,
  request: FastifyRequest,
): Promise<Readable> {
  const bytes = await readAll(payload, request);
  if (bytes.length === 0) return asPayload(bytes, 0);
  const whole = CODINGS.get(coding);
  if (whole === undefined) {
    throw new ShopError(415, `send the body without content-encoding, or as ${ACCEPTED_CODINGS}`, {
      headers: { 'accept-encoding': ACCEPTED_CODINGS },
    });
  }
  return asPayload(await inflated(whole, bytes, request), bytes.length);
}

/** The type of a body of this request, without parameters such as the charset. */
function isJson({ headers }: FastifyRequest): boolean {
  const [type = ''] = (headers['content-type'] ?? '').split(';', 1);
  return type.trim().toLowerCase() === JSON_TYPE;
}

/** @throws ShopError 413 for more than the route takes; the rest of the body is not read. */
async function readAll(payload: Readable, request: FastifyRequest): Promise<Buffer> {
  const { bodyLimit } = request.routeOptions;
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Not destroyed on leaving the loop: that would close the connection before the response.
  for await (const chunk of payload.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Buffer); // a request has no encoding set
    bytes += (chunk as Buffer).length;
    if (bytes > bodyLimit) throw overLimit(bodyLimit);
  }
  return Buffer.concat(chunks, bytes);
}

/** @throws ShopError 413 as soon as more comes out than the route takes, 400 for broken bytes. */
async function inflated(whole: Inflate, bytes: Buffer, request: FastifyRequest): Promise<Buffer> {
  const { bodyLimit } = request.routeOptions;
  try {
    return await whole(bytes, { maxOutputLength: bodyLimit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw overLimit(bodyLimit);
    const coding = request.headers['content-encoding'];
    throw new ShopError(400, `the body is not ${coding}, although content-encoding says so`);
  }
}

/** Fastify compares `content-length` with the length before inflating. */
function asPayload(bytes: Buffer, receivedEncodedLength: number): Readable {
  return Object.assign(Readable.from(bytes.length === 0 ? [] : [bytes]), { receivedEncodedLength });
}

function overLimit(bodyLimit: number): ShopError {
  const headers = { connection: 'close' }; // the caller may go on sending
  return new ShopError(413, tooLarge(bodyLimit), { headers });
}

/** JSON can escape half of a character: no URL, no UTF-8 and no database can hold it. Works on the text, because values may be nested deeply. */
function hasLoneSurrogate(json: string): boolean {
  const pairs = /\\\\|\\ud[89ab][\da-f]{2}\\ud[c-f][\da-f]{2}/gi; // and escaped backslashes
  return /\\ud[89a-f]/i.test(json) && /\\ud[89a-f]/i.test(json.replace(pairs, ''));
}
