import negotiator from '@fastify/accept-negotiator';
import { type Representation, representationOf, sendRepresentation } from '@sockshop/service';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { ORIGINAL_FILES } from './original-files.ts';

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};
/** In the order of preference, with the ends of the names that the build gives to compressed files. */
const ENCODINGS = { br: '.br', gzip: '.gz' };
type Encoding = keyof typeof ENCODINGS;

/** Each form has a strong validator of its own, as its bytes differ. */
interface File {
  readonly plain: Representation;
  readonly compressed: ReadonlyMap<Encoding, Representation>;
  readonly encodings: readonly Encoding[];
}

/**
 * The files of the storefront's build, two megabytes in memory. A command that builds empties their folder, while a running shop must
 * keep serving its pages, and to each page the assets that it names.
 */
export class StorefrontFiles {
  private readonly files = new Map<string, File>();

  constructor(private readonly dir: string) {
    for (const name of [
      ...namesIn(dir),
      ...namesIn(join(dir, 'assets')).map((it) => `assets/${it}`),
      ...ORIGINAL_FILES.map((path) => path.slice(1)),
    ])
      if (extname(name) in TYPES) this.find(name);
  }

  /** A file that was not there at the start may have been built since. */
  find(name: string): File | undefined {
    const file = this.files.get(name) ?? read(join(this.dir, name));
    if (file) this.files.set(name, file);
    return file;
  }

  /** Answers with the file, as compressed as the caller takes it. */
  send(reply: FastifyReply, name: string): void {
    const file = this.find(name);
    if (!file) {
      reply.callNotFound();
      return;
    }
    const { 'accept-encoding': accepted = '' } = reply.request.headers;
    if (file.compressed.size > 0) reply.header('vary', 'accept-encoding');
    const encoding = negotiator.negotiate([accepted].flat().join(), [...file.encodings]);
    const compressed = encoding && file.compressed.get(encoding);
    sendRepresentation(reply, compressed ?? file.plain, {
      'content-type': typeOf(name),
      ...(compressed && { 'content-encoding': encoding }),
    });
  }
}

export function serveOriginalFiles(fastify: FastifyInstance, files: StorefrontFiles): void {
  for (const path of ORIGINAL_FILES) {
    fastify.get(path, (_request, reply) => {
      reply.header('cache-control', 'public, max-age=3600'); // an hour: their names stay when they change
      files.send(reply, path.slice(1));
    });
  }
}

/** Their names hold a hash of their content, so a browser never asks for one twice. */
export function serveAssets(fastify: FastifyInstance, files: StorefrontFiles): void {
  fastify.get<{ Params: { '*': string } }>('/assets/*', (request, reply) => {
    const name = request.params['*'];
    const isAsset = /^[\w.-]+$/.test(name) && extname(name) in TYPES;
    if (isAsset && files.find(`assets/${name}`))
      reply.header('cache-control', 'public, max-age=31536000, immutable'); // a year
    files.send(reply, isAsset ? `assets/${name}` : '');
  });
}

/** By the end of a file's name. */
export function typeOf(name: string): string {
  return TYPES[extname(name)] ?? 'application/octet-stream';
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return []; // not built yet
  }
}

function read(path: string): File | undefined {
  const body = contentOf(path);
  if (!body) return undefined;
  const compressed = new Map<Encoding, Representation>();
  for (const [encoding, end] of Object.entries(ENCODINGS) as [Encoding, string][]) {
    const content = contentOf(path + end);
    if (content) compressed.set(encoding, representationOf(content));
  }
  return { plain: representationOf(body), compressed, encodings: [...compressed.keys()] };
}

function contentOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined; // a folder, or nothing
  }
}
