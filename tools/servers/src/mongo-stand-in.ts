import type { Say } from '@sockshop/supervisor';
import { createHash } from 'node:crypto';
import {
  access,
  chmod,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheDir, mongoStandInSources } from './paths.ts';
import { findProgram, run } from './program.ts';

/** There is no stand-in; the message is a clause that says why. */
class StandInMissingError extends Error {
  override readonly name = 'StandInMissingError';
}

/** Of its source, all that the stand-in uses; the checksum is the one of Go's module proxy. */
const FERRETDB = {
  module: 'github.com/FerretDB/FerretDB@v1.24.0',
  sum: 'h1:7WJmezL48Bj9bYWnhT/bEJgX5gjT5s7LFdHTqkN25rA=',
  folders: ['build/version', 'internal'],
  unused: 'internal/util/logging/pgx.go', // the one file that would need PostgreSQL's driver
} as const;

/** What the build changes in FerretDB: each text is in its file once. The first three cost a third of a command. */
const CHANGES = [
  {
    // It keeps a stack trace of each iterator, to report those that are not closed.
    file: 'internal/util/resource/resource.go',
    from: 'func Track(obj any, token *Token) {\n',
    to: 'func Track(obj any, token *Token) {\n\tif !debugbuild.Enabled {\n\t\treturn\n\t}\n',
  },
  {
    file: 'internal/util/resource/resource.go',
    from: 'func Untrack(obj any, token *Token) {\n',
    to: 'func Untrack(obj any, token *Token) {\n\tif !debugbuild.Enabled {\n\t\treturn\n\t}\n',
  },
  {
    // A text of the whole query, which is not logged.
    file: 'internal/handler/msg_find.go',
    from: '\th.L.DebugContext(ctx, fmt.Sprintf("Converted %+v for %+v to %+v.", params, cInfo, qp))\n',
    to: '',
  },
  {
    // It reads and sorts all documents of a filter, also for a page of them.
    file: 'internal/handler/msg_find.go',
    from: '\tcloser.Add(iter)\n\n\titer = common.FilterIterator(iter, closer, params.Filter)\n\n\titer, err := common.SortIterator(iter, closer, params.Sort)\n',
    to: `\tcloser.Add(iter)

\tsort := params.Sort
\tif records, ok := iter.(interface{ SortedBy(*types.Document) bool }); ok && records.SortedBy(sort) {
\t\tsort = nil
\t}

\titer = common.FilterIterator(iter, closer, params.Filter)

\titer, err := common.SortIterator(iter, closer, sort)
`,
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
  say(
    'building the MongoDB stand-in with Go; this is done once and takes half a minute to two minutes',
  );
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

/** The program, built from a copy of the sources, with `_ferretdb` inside a copy of FerretDB: it uses FerretDB's internal packages. */
async function buildIn(workshop: string, go: string): Promise<string> {
  await cp(mongoStandInSources, workshop, { recursive: true });
  const ferretdb = join(workshop, 'ferretdb');
  await copyFerretdb(go, ferretdb);
  for (const { file, from, to } of CHANGES) {
    const path = join(ferretdb, file);
    const [before, after, ...more] = (await readFile(path, 'utf8')).split(from);
    if (before === undefined || after === undefined || more.length > 0) {
      throw new Error(`${file} of FerretDB is not as expected`);
    }
    await writeFile(path, before + to + after);
  }
  await writeFile(join(ferretdb, 'go.mod'), 'module github.com/FerretDB/FerretDB\n\ngo 1.22\n');
  await cp(join(workshop, '_ferretdb'), join(ferretdb, 'standin'), { recursive: true });
  const program = join(workshop, 'program');
  const small = ['-trimpath', '-ldflags=-s -w'];
  await run(go, ['build', ...small, '-o', program, '.'], {
    cwd: workshop,
    env: { CGO_ENABLED: '0' }, // no C compiler needed
  });
  return program;
}

async function copyFerretdb(go: string, to: string): Promise<void> {
  const said = await run(go, ['mod', 'download', '-json', FERRETDB.module], { cwd: tmpdir() });
  const json = said.slice(said.indexOf('{')); // after what it says of a download
  const { Dir: from, Sum: sum } = JSON.parse(json) as { Dir: string; Sum: string };
  if (sum !== FERRETDB.sum) throw new Error(`${FERRETDB.module} has another checksum`);
  for (const folder of FERRETDB.folders) {
    await cp(join(from, folder), join(to, folder), { recursive: true });
  }
  await rm(join(to, FERRETDB.unused));
  // Go keeps its modules read-only.
  for (const name of await readdir(to, { recursive: true })) await chmod(join(to, name), 0o700);
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([FERRETDB, CHANGES]));
  for (const file of (await readdir(mongoStandInSources, { recursive: true })).sort()) {
    const source = /^go\.(mod|sum)$|\.go$/.test(file) && !file.endsWith('_test.go');
    if (source) hash.update(file).update(await readFile(join(mongoStandInSources, file)));
  }
  return hash.digest('hex').slice(0, 12);
}
