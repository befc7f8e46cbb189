import { freePort, launch, type Say } from '@sockshop/supervisor';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findOrInstall } from './apt.ts';
import { cacheDir } from './paths.ts';
import { run } from './program.ts';
import {
  givenServer,
  ServerUnavailableError,
  type RunningServer,
  type StartOptions,
} from './server.ts';

const server = 'Zipkin';
const version = '3.5.1';
const ways =
  'Install Java 17 or newer and Maven (Debian and Ubuntu: the packages `default-jre-headless` and `maven`), ' +
  'or name a server in ZIPKIN_URL, such as http://127.0.0.1:9411.';

/** What ZIPKIN_URL names, or ZIPKIN, the services' own variable for where spans go; undefined where neither does. */
export function givenZipkin(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const { ZIPKIN_URL = '', ZIPKIN = '' } = env;
  return ZIPKIN_URL === ''
    ? /^(https?:.+?)(?:\/api\/v[12]\/spans)?\/?$/.exec(ZIPKIN)?.[1]
    : ZIPKIN_URL;
}

/** The server that is given by URL, or an own Zipkin on loopback that keeps its spans in memory. */
export async function startZipkin(options: StartOptions): Promise<RunningServer> {
  const { say = () => undefined } = options;
  const dir = resolve(options.dir);
  const given = givenServer(server, givenZipkin(), 9411);
  if (given) return given;

  const packages = ['default-jre-headless'];
  const java = await findOrInstall({ server, programs: ['java'], packages, ways, say });
  await checkVersion(java);
  const jar = await zipkinJar(say);
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const { pid, ended, stop } = await launch({
    name: 'zipkin',
    command: java,
    args: [
      '-Xmx192m',
      ...['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'], // a quarter less time and memory at the start
      ...['-jar', jar],
      // QUERY_PORT alone would listen for the whole network.
      '--armeria.ports[0].ip=127.0.0.1',
      `--armeria.ports[0].port=${port}`,
      '--armeria.ports[0].protocols[0]=http',
    ],
    env: { STORAGE_TYPE: 'mem', MEM_MAX_SPANS: '40000' }, // 100,000 of ours run out of 192 MB
    dir,
    spawned: options.spawned,
    ready: async () => (await fetch(`${url}/health`, { signal: AbortSignal.timeout(2000) })).ok,
  });
  return { name: server, url, port, pid, ended, stop };
}

async function checkVersion(java: string): Promise<void> {
  const major = /version "(\d+)/.exec(await run(java, ['-version']))?.[1];
  if (Number(major) >= 17) return;
  throw new ServerUnavailableError(
    server,
    `Java ${major ?? '(of unknown version)'} is too old`,
    ways,
  );
}

/** The server's jar, fetched by Maven on first use. */
export async function zipkinJar(say: Say): Promise<string> {
  const file = `zipkin-server-${version}-exec.jar`;
  const jar = join(cacheDir, file);
  const fetched = await access(jar).then(
    () => true,
    () => false,
  );
  if (fetched) return jar;

  const mvn = await findOrInstall({ server, programs: ['mvn'], packages: ['maven'], ways, say });
  say('fetching the Zipkin server (131 MB) with Maven; this is done once');
  await mkdir(cacheDir, { recursive: true });
  const unfinished = await mkdtemp(join(cacheDir, 'zipkin-')); // half a jar must not be taken for one
  try {
    const artifact = `io.zipkin:zipkin-server:${version}:jar:exec`;
    await run(mvn, [
      '-B',
      '-q',
      'dependency:copy',
      `-Dartifact=${artifact}`,
      `-DoutputDirectory=${unfinished}`,
    ]);
    await rename(join(unfinished, file), jar);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ServerUnavailableError(server, `Maven could not fetch it (${why})`, ways, error);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return jar;
}
