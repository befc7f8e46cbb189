import type { Say } from '@sockshop/supervisor';
import { createHash } from 'node:crypto';
import { access, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir, mongoStandInSources } from './paths.ts';
import { findProgram, run } from './program.ts';

/** There is no stand-in; the message is a clause that says why. */
class StandInMissingError extends Error {
  override readonly name = 'StandInMissingError';
}

/** What the build changes in FerretDB, so that its queries use its indexes: each text is in its file once. */
const CHANGES = [
  {
    // Its index of _id is over ->'_id': an expression that is written otherwise does not use it.
    file: 'internal/backends/sqlite/metadata/metadata.go',
    from: `->'$._id'`,
    to: `->'_id'`,
  },
  {
    file: 'internal/backends/sqlite/collection.go',
    from: '\tq += whereClause\n',
    to: '\twhereClause, args = where(params.Filter)\n\tq += whereClause\n',
  },
  {
    file: 'internal/backends/sqlite/collection.go',
    from: '\tq := `EXPLAIN QUERY PLAN `',
    to: '\twhereClause, args = where(params.Filter)\n\tfilterPushdown = whereClause != ""\n\tq := `EXPLAIN QUERY PLAN `',
  },
  {
    // Without it no condition on a dotted path comes as far as the database.
    file: 'ferretdb/ferretdb.go',
    from: 'CappedCleanupPercentage: 10,',
    to: 'CappedCleanupPercentage: 10,\n\t\t\tEnableNestedPushdown: true,',
  },
] as const;

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
  await mkdir(cacheDir, { recursive: true });
  const workshop = `${program}.${process.pid}`; // another launcher may be building the same
  try {
    await rename(await buildIn(workshop, go), program);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StandInMissingError(`building the stand-in failed (${why})`, { cause: error });
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
  say(`built the MongoDB stand-in in ${Math.round((Date.now() - startedAt) / 1000)} s`);
  return program;
}

/** The program, built from a copy of the sources beside a copy of all they need, of which FerretDB's is changed. */
async function buildIn(workshop: string, go: string): Promise<string> {
  await cp(mongoStandInSources, workshop, { recursive: true });
  await run(go, ['mod', 'vendor'], { cwd: workshop });
  const ferretdb = join(workshop, 'vendor/github.com/FerretDB/FerretDB');
  for (const { file, from, to } of CHANGES) {
    const [before, after, ...more] = (await readFile(join(ferretdb, file), 'utf8')).split(from);
    if (before === undefined || after === undefined || more.length > 0) {
      throw new Error(`${file} of FerretDB is not as expected`);
    }
    await writeFile(join(ferretdb, file), before + to + after);
  }
  await cp(join(workshop, '_ferretdb'), join(ferretdb, 'internal/backends/sqlite'), {
    recursive: true,
  });
  const program = join(workshop, 'program');
  const small = ['-trimpath', '-ldflags=-s -w'];
  await run(go, ['build', '-mod=vendor', ...small, '-o', program, '.'], {
    cwd: workshop,
    env: { CGO_ENABLED: '0' }, // no C compiler needed
  });
  return program;
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(CHANGES));
  for (const file of (await readdir(mongoStandInSources, { recursive: true })).sort()) {
    const source = /^go\.(mod|sum)$|\.go$/.test(file) && !file.endsWith('_test.go');
    if (source) hash.update(file).update(await readFile(join(mongoStandInSources, file)));
  }
  return hash.digest('hex').slice(0, 12);
}
