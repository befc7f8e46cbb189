import { CommandError } from '@sockshop/cli';
import { findProgram } from '@sockshop/servers';
import type { Say } from '@sockshop/supervisor';
import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
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
}

/** A program of somebody else's module, built with that module's own versions; the checksum is the one of Go's checksum database. */
interface OtherProgram {
  readonly module: string;
  readonly sum: string;
  readonly folder: string;
}

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
    module: 'github.com/traefik/traefik/v3@v3.7.13',
    sum: 'h1:T8wy9KuaFzCkmXCqAzDy7t73pBDR1DHrJe3pqXpNXTw=',
    folder: 'cmd/traefik',
  },
} as const satisfies Record<string, OwnProgram | OtherProgram>;

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
  const program: OwnProgram | OtherProgram = PROGRAMS[name];
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
  const own = !('module' in program);
  const cwd = own
    ? join(PROGRAMS_DIR, moduleOf(program.folder))
    : await moduleFolder(program.module, program.sum);
  const inModule = own ? program.folder.split('/').slice(1).join('/') : program.folder;
  await mkdir(CACHE_DIR, { recursive: true });
  try {
    const flags = [
      '-trimpath',
      '-buildvcs=false',
      '-ldflags',
      own ? (program.flags ?? SMALL) : SMALL,
    ];
    await runProgram(go, ['build', ...flags, '-o', unfinished, `./${inModule}`], {
      cwd,
      env: { CGO_ENABLED: own && program.c ? '1' : '0', GOFLAGS: '' },
    });
    await rename(unfinished, path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(`${name} cannot be built: ${why}`, { cause: error });
  } finally {
    await rm(unfinished, { force: true });
  }
  say(`built ${name} in ${Math.round((Date.now() - startedAt) / 1000)} s`);
  return path;
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

async function hashOf(program: OwnProgram | OtherProgram): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(program));
  if (!('module' in program)) {
    const module = join(PROGRAMS_DIR, moduleOf(program.folder));
    const sources = await readdir(join(PROGRAMS_DIR, program.folder));
    for (const file of sources.filter((name) => name.endsWith('.go')).sort())
      hash.update(await readFile(join(PROGRAMS_DIR, program.folder, file)));
    for (const file of ['go.mod', 'go.sum']) hash.update(await readFile(join(module, file)));
  }
  return hash.digest('hex').slice(0, 12);
}
