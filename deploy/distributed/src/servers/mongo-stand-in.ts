import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir, mongoStandInSources } from './paths.ts';
import { findProgram, run } from './program.ts';
import { ServerUnavailableError, type Say } from './server.ts';

const ways =
  'Install MongoDB so that `mongod` is on the PATH, or Go 1.22 or newer, with which a stand-in is built once, ' +
  'or name a server in MONGO_URL, such as mongodb://127.0.0.1:27017/.';

/**
 * The stand-in's program, built on first use and again when its sources change. Throws
 * {@link ServerUnavailableError}.
 */
export async function buildMongoStandIn(say: Say): Promise<string> {
  const program = join(cacheDir, `mongo-stand-in-${await hashOfSources()}`);
  const built = await access(program).then(
    () => true,
    () => false,
  );
  if (built) return program;

  const go = await findProgram(['go']);
  if (!go) throw unavailable('there is neither `mongod` nor `go` on the PATH');
  const version = /go(\d+)\.(\d+)/.exec(await run(go, ['env', 'GOVERSION']));
  if (!version || Number(version[1]) < 1 || (version[1] === '1' && Number(version[2]) < 22)) {
    throw unavailable(
      `there is no \`mongod\` on the PATH, and ${version?.[0] ?? 'this Go'} is too old`,
    );
  }
  const startedAt = Date.now();
  say('building the MongoDB stand-in with Go; this is done once and takes one to three minutes');
  const unfinished = `${program}.${process.pid}`; // another launcher may be building the same
  await mkdir(cacheDir, { recursive: true });
  try {
    await run(go, ['build', '-trimpath', '-ldflags=-s -w', '-o', unfinished, '.'], {
      cwd: mongoStandInSources,
      env: { CGO_ENABLED: '0' }, // no C compiler needed
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw unavailable(
      `there is no \`mongod\` on the PATH, and building the stand-in failed (${why})`,
      error,
    );
  }
  await rename(unfinished, program);
  say(`built the MongoDB stand-in in ${Math.round((Date.now() - startedAt) / 1000)} s`);
  return program;
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of (await readdir(mongoStandInSources)).sort()) {
    const source = /^go\.(mod|sum)$|\.go$/.test(file) && !file.endsWith('_test.go');
    if (source) hash.update(file).update(await readFile(join(mongoStandInSources, file)));
  }
  return hash.digest('hex').slice(0, 12);
}

function unavailable(why: string, cause?: unknown): ServerUnavailableError {
  return new ServerUnavailableError('MongoDB', why, ways, cause);
}
