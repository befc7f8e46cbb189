import type { Say } from '@sockshop/supervisor';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { extname, join } from 'node:path';
import { cacheDir } from './paths.ts';
import { run } from './program.ts';

/** That of the containers. */
const VERSION = '8.0.17';
const HOST = 'https://fastdl.mongodb.org';
/** Name look-up and connection together. */
const REACH_MS = 2000;
/** In the order in which the library looks for a proxy. */
const PROXIES = [
  ...['npm_config_https-proxy', 'npm_config_proxy'],
  ...['https_proxy', 'http_proxy', 'HTTPS_PROXY', 'HTTP_PROXY'],
];

/** MongoDB is not to be had from the network; the message ends a sentence like "it cannot be downloaded (…)". */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
}

interface Download {
  say: Say;
  /** Where it is kept, for all that start a MongoDB from this checkout. */
  cache?: string;
  /** Beside this process's own; MONGOMS_DOWNLOAD_MIRROR names another host. */
  env?: Record<string, string>;
}

/** The path of a `mongod` that was downloaded once. @throws DownloadError */
export async function downloadedMongod({
  say,
  cache = cacheDir,
  env: own = {},
}: Download): Promise<string> {
  const program = join(cache, `mongod-${VERSION}`);
  const kept = await access(program).then(
    () => true,
    () => false,
  );
  if (kept) return program;

  const env = { ...process.env, ...own };
  await reach(env); // the library would try for seven seconds
  const startedAt = Date.now();
  say(`downloading MongoDB ${VERSION} (about 100 MB); this is done once`);
  await mkdir(cache, { recursive: true });
  const unfinished = await mkdtemp(join(cache, 'mongod-')); // half a program must not be taken for one
  try {
    const file = join(unfinished, 'mongod');
    await run(process.execPath, [script, unfinished, VERSION, file], { env: settings(own) });
    await run(file, ['--version']); // not on every system
    await rename(file, program);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DownloadError(why.replace(`${process.execPath} ended with code 1: `, ''), {
      cause: error,
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  say(`downloaded MongoDB in ${Math.round((Date.now() - startedAt) / 1000)} s`);
  return program;
}

/** Beside this file, in `src` as in `dist`. */
const script = join(import.meta.dirname, `mongodb-download${extname(import.meta.filename)}`);

function settings(own: Record<string, string>): Record<string, string> {
  return {
    NODE_OPTIONS: '',
    npm_config_strict_ssl: process.env['npm_config_strict_ssl'] ?? 'true', // else the library trusts every certificate
    MONGOMS_SYSTEM_BINARY: '',
    MONGOMS_DOWNLOAD_DIR: '',
    ...own,
  };
}

/** Whether the host of the download, or the proxy on the way, can be connected to. @throws DownloadError */
async function reach(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  const host = env['MONGOMS_DOWNLOAD_URL'] ?? env['MONGOMS_DOWNLOAD_MIRROR'] ?? HOST;
  const proxy = PROXIES.map((name) => env[name]).find(Boolean);
  const text = proxy ?? host;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) throw new DownloadError(`not a URL: ${proxy ? 'the proxy' : host}`);
  const port = Number(url.port) || (url.protocol === 'http:' ? 80 : 443);
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host: hostname, port, signal: AbortSignal.timeout(REACH_MS) }, () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', (error) => {
      const code = 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
      const why = code === 'ABORT_ERR' ? `no answer within ${REACH_MS / 1000} s` : code;
      reject(new DownloadError(`${hostname} cannot be reached: ${why}`, { cause: error }));
    });
  });
}
