import { CommandError } from '@sockshop/cli';
import { findProgram } from '@sockshop/servers';
import type { Say } from '@sockshop/supervisor';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CACHE_DIR, PROGRAMS_DIR } from './paths.ts';
import { runProgram } from './run-program.ts';

const KUBERNETES = '1.36.3';
const VERSION = 'k8s.io/component-base/version';
const [MAJOR = '', MINOR = ''] = KUBERNETES.split('.');
/** Without the tables that debuggers read. */
const SMALL = '-s -w';
/** Without it the API server says that it is v0.0.0. */
const KUBERNETES_FLAGS = `${SMALL} -X ${VERSION}.gitVersion=v${KUBERNETES} -X ${VERSION}.gitMajor=${MAJOR} -X ${VERSION}.gitMinor=${MINOR}`;

/** A package of a module of our own, in `programs`. */
interface OwnProgram {
  readonly folder: string;
  readonly flags?: string;
  /** Needs a C compiler, as Kubernetes' own builds of it do. */
  readonly c?: true;
  /** What is built, where it is a package of another module, which ours only names. */
  readonly package?: string;
  /** Other modules of which our folder has some files: these are beside or over the module's own. */
  readonly completed?: readonly OtherModule[];
}

/** A folder of somebody else's module; the checksum is the one of Go's checksum database. */
interface OtherModule {
  readonly module: string;
  readonly sum: string;
  readonly folder: string;
}

const TRAEFIK = 'github.com/traefik/traefik/v3';

export const KWOK = {
  module: 'sigs.k8s.io/kwok@v0.8.0',
  sum: 'h1:OTIOTwgROqPMovcTwxICx2eYQ4AwLpSx5EpjbDKF4SQ=',
} as const;

/** Of the gateway's overlay; made from the program. */
export const TRAEFIK_IMAGE = 'traefik:v3.7.13';

const PROGRAMS = {
  etcd: { folder: 'kubernetes/etcd', flags: KUBERNETES_FLAGS },
  apiserver: { folder: 'kubernetes/apiserver', flags: KUBERNETES_FLAGS },
  controllers: { folder: 'kubernetes/controllers', flags: KUBERNETES_FLAGS },
  scheduler: { folder: 'kubernetes/scheduler', flags: KUBERNETES_FLAGS },
  kubelet: { folder: 'kubernetes/kubelet', flags: KUBERNETES_FLAGS, c: true },
  'kube-proxy': { folder: 'kubernetes/kube-proxy', flags: KUBERNETES_FLAGS },
  coredns: { folder: 'coredns' },
  policies: { folder: 'policies' },
  kwok: { ...KWOK, folder: 'cmd/kwok' },
  'metrics-server': {
    module: 'sigs.k8s.io/metrics-server@v0.9.0',
    sum: 'h1:nlqqZ2H0Xfko8eJC/1qaNVVT17hu4rxndkOi22KTZ4w=',
    folder: 'cmd/metrics-server',
  },
  traefik: {
    folder: 'traefik',
    flags: `${SMALL} -X ${TRAEFIK}/pkg/version.Version=3.7.13`,
    package: `${TRAEFIK}/cmd/traefik`,
    completed: [
      {
        module: 'github.com/gorilla/mux@v1.8.1',
        sum: 'h1:TuBL49tXwgrFYWhqrNgrUNEY92u81SPhu7sTdzQEiWY=',
        folder: 'mux',
      },
      {
        module: 'github.com/abbot/go-http-auth@v0.4.0',
        sum: 'h1:QjmvZ5gSC7jm3Zg54DqWE/T5m1t2AfDu6QlXJT0EVT0=',
        folder: 'http-auth',
      },
      {
        module: 'github.com/go-acme/lego/v5@v5.4.1',
        sum: 'h1:Jt6xAP9xQrJ3SLLGgxejfDDd3pzdrmuLCWe4oTqHHQc=',
        folder: 'lego',
      },
    ],
  },
} as const satisfies Record<string, OwnProgram | OtherModule>;

export type ProgramName = keyof typeof PROGRAMS;

/** The paths of programs, each built on first use, and again when its sources change. */
export async function buildPrograms<Name extends ProgramName>(
  names: readonly Name[],
  say: Say,
): Promise<Record<Name, string>> {
  const built: Partial<Record<Name, string>> = {};
  for (const name of names) built[name] = await buildProgram(name, say);
  return built as Record<Name, string>; // each name has had its turn
}

async function buildProgram(name: ProgramName, say: Say): Promise<string> {
  const program: OwnProgram | OtherModule = PROGRAMS[name];
  const path = join(CACHE_DIR, `${name}-${await hashOf(program)}`);
  const isBuilt = await access(path).then(
    () => true,
    () => false,
  );
  if (isBuilt) return path;

  const go = await goProgram();
  const startedAt = Date.now();
  say(`building ${name} with Go; this is done once and takes minutes`);
  const unfinished = `${path}.${process.pid}`; // another command may be building the same
  await mkdir(CACHE_DIR, { recursive: true });
  const scratch = await mkdtemp(join(tmpdir(), 'sock-shop-build-'));
  try {
    const { cwd, what, flags = SMALL, c } = await sourcesOf(program, scratch);
    const options = ['-trimpath', '-buildvcs=false', '-ldflags', flags];
    await runProgram(go, ['build', ...options, '-o', unfinished, what], {
      cwd,
      env: { CGO_ENABLED: c ? '1' : '0', GOFLAGS: '' },
    });
    await rename(unfinished, path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(`${name} cannot be built: ${why}`, { cause: error });
  } finally {
    await rm(unfinished, { force: true });
    await rm(scratch, { recursive: true });
  }
  say(`built ${name} in ${Math.round((Date.now() - startedAt) / 1000)} s`);
  return path;
}

interface Sources {
  readonly cwd: string;
  /** As `go build` names it. */
  readonly what: string;
  readonly flags?: string;
  readonly c?: true;
}

async function sourcesOf(program: OwnProgram | OtherModule, scratch: string): Promise<Sources> {
  if ('module' in program)
    return {
      cwd: await moduleFolder(program.module, program.sum),
      what: `./${program.folder}`,
    };
  const folder = join(PROGRAMS_DIR, moduleOf(program.folder));
  const inModule = program.folder.split('/').slice(1).join('/');
  const what = program.package ?? `./${inModule}`;
  if (!program.completed) return { ...program, cwd: folder, what };
  for (const { module, sum, folder: part } of program.completed)
    await copy(await moduleFolder(module, sum), join(scratch, part));
  await copy(folder, scratch);
  return { ...program, cwd: scratch, what };
}

/** By `cp`: files of Go's cache may not be written, and their copies must. */
async function copy(from: string, to: string): Promise<void> {
  await runProgram('cp', ['--recursive', '--no-preserve=mode', `${from}/.`, to]);
}

/** The folder of a module in Go's cache, which fetches and verifies it. */
export async function moduleFolder(module: string, sum: string): Promise<string> {
  const said = await runProgram(await goProgram(), ['mod', 'download', '-json', module], {
    cwd: '/',
  });
  const { Dir: folder, Sum: found } = JSON.parse(said) as { Dir: string; Sum: string };
  if (found !== sum) throw new CommandError(`${module} has another checksum: ${found}`);
  return folder;
}

async function goProgram(): Promise<string> {
  const go = await findProgram(['go']);
  if (go === undefined) throw new CommandError('There is no `go` on the PATH: install Go 1.26.');
  return go;
}

/** The first part of a path: `kubernetes/etcd` is a package of the module `kubernetes`. */
function moduleOf(folder: string): string {
  return folder.split('/')[0] ?? folder;
}

async function hashOf(program: OwnProgram | OtherModule): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(program));
  if (!('module' in program)) {
    const module = join(PROGRAMS_DIR, moduleOf(program.folder));
    const sources = await readdir(join(PROGRAMS_DIR, program.folder), { recursive: true });
    for (const file of sources.filter((name) => /\.go$|\/go\.mod$/.test(name)).sort())
      hash.update(await readFile(join(PROGRAMS_DIR, program.folder, file)));
    for (const file of ['go.mod', 'go.sum']) hash.update(await readFile(join(module, file)));
  }
  return hash.digest('hex').slice(0, 12);
}
