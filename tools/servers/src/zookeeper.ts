import { freePort, greet, launch } from '@sockshop/supervisor';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findOrInstall } from './apt.ts';
import { givenServer, type RunningServer, type StartOptions } from './server.ts';

const server = 'ZooKeeper';
const ways =
  'Install it (Debian and Ubuntu: the package `zookeeper`), ' +
  'or name a server in ZOOKEEPER_URL, such as zookeeper://127.0.0.1:2181.';

/** Debian's jar, which names the others it needs, and a logger that writes on standard error. */
const JARS = '/usr/share/java/zookeeper.jar:/usr/share/java/slf4j-simple.jar';
/** In ms. A session ends 2 to 20 ticks after its client was last heard. */
const TICK_MS = 500;

/** ZOOKEEPER_URL's server, or an own one of a single node on loopback, without an administration port. */
export async function startZookeeper(options: StartOptions): Promise<RunningServer> {
  const { say = () => undefined } = options;
  const dir = resolve(options.dir);
  const given = givenServer(server, process.env['ZOOKEEPER_URL'], 2181);
  if (given) return given;

  // Debian's script starts the system's own server, with its data and for the whole network: the jar alone is wanted.
  const packages = ['zookeeper'];
  const dirs = ['/usr/share/zookeeper/bin'];
  await findOrInstall({ server, programs: ['zkServer.sh'], dirs, packages, ways, say });
  const java = await findOrInstall({ server, programs: ['java'], packages, ways, say });
  const port = options.port ?? (await freePort());
  const settings = join(dir, 'zoo.cfg');
  await mkdir(dir, { recursive: true });
  await writeFile(
    settings,
    [
      'dataDir=data', // below the working directory: a path with a space or a backslash would need care
      `clientPort=${port}`,
      'clientPortAddress=127.0.0.1',
      `tickTime=${TICK_MS}`,
      'admin.enableServer=false',
      '4lw.commands.whitelist=ruok',
      '',
    ].join('\n'),
  );
  const { pid, ended, stop } = await launch({
    name: 'zookeeper',
    command: java,
    args: [
      '-Xmx64m',
      ...['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'], // less memory, an earlier start
      '-Dzookeeper.jmx.log4j.disable=true',
      ...['-cp', JARS],
      'org.apache.zookeeper.server.quorum.QuorumPeerMain',
      settings,
    ],
    dir,
    spawned: options.spawned,
    ready: async () => (await greet(port, Buffer.from('ruok'))).toString() === 'imok',
  });
  return { name: server, url: `zookeeper://127.0.0.1:${port}`, port, pid, ended, stop };
}
