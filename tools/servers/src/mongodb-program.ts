import type { Say } from '@sockshop/supervisor';
import { readdir } from 'node:fs/promises';
import { buildMongoStandIn } from './mongo-stand-in.ts';
import { downloadedMongod } from './mongodb-binary.ts';
import { findProgram } from './program.ts';
import { ServerUnavailableError } from './server.ts';

const ways =
  'Install MongoDB so that `mongod` is on the PATH, or Go 1.22 or newer, with which a stand-in is built once, or let it be downloaded ' +
  'from fastdl.mongodb.org (a mirror: MONGOMS_DOWNLOAD_MIRROR), or name a server in MONGO_URL, such as mongodb://127.0.0.1:27017/.';

export interface MongoProgram {
  readonly kind: 'mongod' | 'stand-in';
  readonly path: string;
}

/** Where programs come from. */
export interface MongoSources {
  /** On the PATH. */
  readonly installed: () => Promise<string | undefined>;
  /** Rejects with the reason where the network does not allow it. */
  readonly downloaded: (say: Say) => Promise<string>;
  /** Rejects with the reason where it cannot be built. */
  readonly standIn: (say: Say) => Promise<string>;
}

const SOURCES: MongoSources = {
  installed: () => findProgram(['mongod']),
  downloaded: (say) => downloadedMongod({ say }),
  standIn: buildMongoStandIn,
};

/**
 * `mongod` from the PATH, else downloaded; else the stand-in. A data directory stays with the kind that began it, as each keeps its data in a
 * form of its own. @throws ServerUnavailableError
 */
export async function mongoProgram(
  data: string,
  say: Say,
  { installed, downloaded, standIn }: MongoSources = SOURCES,
): Promise<MongoProgram> {
  const begunBy = await whoBegan(data);
  const missing: string[] = [];
  if (begunBy !== 'stand-in') {
    const path = await installed();
    if (path !== undefined) return { kind: 'mongod', path };
    missing.push('there is no `mongod` on the PATH');
    try {
      return { kind: 'mongod', path: await downloaded(say) };
    } catch (error) {
      missing.push(`it cannot be downloaded (${reason(error)})`);
      if (begunBy === undefined) say(`MongoDB cannot be downloaded (${reason(error)})`);
    }
  }
  if (begunBy !== 'mongod') {
    try {
      return { kind: 'stand-in', path: await standIn(say) };
    } catch (error) {
      missing.push(reason(error));
    }
  }
  const kept =
    begunBy === undefined ? '' : `the data in ${data} were begun with ${NAMES[begunBy]}; `;
  const afresh = begunBy === undefined ? '' : ' Without that folder it starts afresh.';
  throw new ServerUnavailableError('MongoDB', `${kept}${missing.join(', ')}`, `${ways}${afresh}`);
}

const NAMES = { mongod: 'MongoDB itself', 'stand-in': 'the stand-in' };

/** By the files that each writes. @throws ServerUnavailableError for those of the stand-in of before, which kept SQLite files */
async function whoBegan(data: string): Promise<MongoProgram['kind'] | undefined> {
  const files = await readdir(data).catch((): string[] => []);
  if (files.includes('WiredTiger')) return 'mongod';
  if (files.includes('documents.log')) return 'stand-in';
  if (!files.some((file) => file.endsWith('.sqlite'))) return undefined;
  throw new ServerUnavailableError(
    'MongoDB',
    `the data in ${data} were written by an earlier stand-in, which this one cannot read`,
    'Without that folder it starts afresh. To keep the data, back them up with the checkout that wrote them (`npm run backup`), and restore them here.',
  );
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
