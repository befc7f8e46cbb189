import { type Representation, representationOf, sendRepresentation } from '@sockshop/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** Bytes of the pictures kept in memory at most. The shop's own have 1.5 MB. */
const MOST_BYTES = 8 * 1024 * 1024;
const TYPES: Readonly<Record<string, string>> = {
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.svg': 'image/svg+xml',
};

interface Picture extends Representation {
  readonly modified: Date;
  /** When the file was last compared with it. */
  checkedMs: number;
}

/**
 * Serves whole pictures from memory: opening, reading and closing the file cost more than the rest of the request. Anything else is left
 * to the file server behind it: parts, comparisons by date, unknown names, paths out of the folder.
 */
export class Pictures {
  private readonly kept = new Map<string, Picture>();
  private bytes = 0;

  /** `freshMs`: how long a changed file may stay unseen. `now`: milliseconds of a clock that never goes back. */
  constructor(
    private readonly folder: string,
    private readonly freshMs: number,
    private readonly maxAgeMs: number,
    private readonly now: () => number,
  ) {}

  /** A hook before the file server's handler. */
  readonly serve = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const { range, 'if-none-match': known, 'if-modified-since': since } = request.headers;
    const { '*': name = '' } = request.params as { '*'?: string }; // the file server's route ends in a wildcard
    const type = /^\w[\w.-]*$/.test(name) ? TYPES[extname(name)] : undefined;
    const byDate = since !== undefined && known === undefined;
    if (request.method !== 'GET' || type === undefined || range !== undefined || byDate) return;
    const picture = await this.find(name);
    if (!picture) return;
    void reply.headers({
      'accept-ranges': 'bytes',
      'cache-control': `public, max-age=${this.maxAgeMs / 1000}`,
      'last-modified': picture.modified.toUTCString(),
    });
    sendRepresentation(reply, picture, { 'content-type': type });
    return reply;
  };

  private async find(name: string): Promise<Picture | undefined> {
    const kept = this.kept.get(name);
    const checkedMs = this.now();
    if (kept && checkedMs - kept.checkedMs < this.freshMs) return kept;
    const path = join(this.folder, name);
    const file = await stat(path).catch(() => undefined);
    const same = kept?.modified.getTime() === file?.mtime.getTime();
    if (kept && same && kept.body.length === file?.size) {
      kept.checkedMs = checkedMs;
      return kept;
    }
    this.forget(name);
    if (!file?.isFile() || this.bytes + file.size > MOST_BYTES) return undefined;
    const body = await readFile(path).catch(() => undefined);
    if (!body) return undefined;
    this.forget(name); // another request may have read it meanwhile
    const picture = { ...representationOf(body), modified: file.mtime, checkedMs };
    this.kept.set(name, picture);
    this.bytes += body.length;
    return picture;
  }

  private forget(name: string): void {
    this.bytes -= this.kept.get(name)?.body.length ?? 0;
    this.kept.delete(name);
  }
}
