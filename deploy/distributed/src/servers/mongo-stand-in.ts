import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir, mongoStandInSources } from './paths.ts';
import { findProgram, run } from './program.ts';
import type { Say } from './server.ts';

/** There is no stand-in; the message is a clause that says why. */
class StandInMissingError extends Error {
  override readonly name = 'StandInMissingError';
}

/** The stand-in's program, built on first use and again when its sources change. @throws StandInMissingError */
export async function buildMongoStandIn(say: Say): Promise<string> {
  const program = join(cacheDir, `mongo-stand-in-${await hashOfSources()}`);
  const built = await access(program).then(
    () => true,
    () => false,
  );
  if (built) return program;

  const go = await findProgram(['go']);
  if (!go) throw new StandInMissingError('there is no `go` on the PATH');
  const version = /go(\d+)\.(\d+)/.exec(await run(go, ['env', 'GOVERSION']));
  if (!version || Number(version[1]) < 1 || (version[1] === '1' && Number(version[2]) < 22)) {
    throw new StandInMissingError(`${version?.[0] ?? 'this Go'} is too old`);
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
    throw new StandInMissingError(`building the stand-in failed (${why})`, { cause: error });
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
