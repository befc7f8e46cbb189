import { secretOf } from '@sockshop/secrets';
import { freePort, greet, launch } from '@sockshop/supervisor';
import { access, chmod, mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findOrInstall } from './apt.ts';
import { findProgram, run } from './program.ts';
import {
  givenServer,
  ServerUnavailableError,
  type RunningServer,
  type StartOptions,
} from './server.ts';

const server = 'MariaDB';
const ways =
  'Install it (Debian and Ubuntu: the package `mariadb-server`; macOS: `brew install mariadb`), ' +
  'or name a MySQL or MariaDB server in MYSQL_URL, such as mysql://root@127.0.0.1:3306/.';

/** MariaDB does not take over our umask: its files would be readable for the group. */
const PRIVATE = { UMASK: '0600', UMASK_DIR: '0700' };
const SOCKET = 'mariadb.sock';

/** MYSQL_URL's server, or an own MariaDB on loopback whose `root` has no password. */
export async function startMariadb(options: StartOptions): Promise<RunningServer> {
  const { say = () => undefined } = options;
  const dir = resolve(options.dir);
  const given = givenServer('MySQL', secretOf('MYSQL_URL'), 3306);
  if (given) return given;

  const mariadbd = await findOrInstall({
    server,
    programs: ['mariadbd'],
    packages: ['mariadb-server'],
    ways,
    say,
  });
  await makeData(dir);
  const port = options.port ?? (await freePort());
  const { pid, ended, stop } = await launch({
    name: 'mariadb',
    command: mariadbd,
    args: [
      '--no-defaults',
      ...asRoot(),
      `--datadir=${join(dir, 'data')}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${SOCKET}`, // in the data directory, by a relative path: the system allows about 100 characters
      '--pid-file=mariadb.pid',
      '--innodb-buffer-pool-size=32M',
      '--performance-schema=OFF',
    ],
    env: PRIVATE,
    dir,
    spawned: options.spawned,
    ready: async () => (await greet(port))[4] === 10, // the handshake's protocol version
  });
  await chmod(join(dir, 'data', SOCKET), 0o600);
  return { name: server, url: `mysql://root@127.0.0.1:${port}/`, port, pid, ended, stop };
}

/** Writes the system tables, once for each data directory. */
async function makeData(dir: string): Promise<void> {
  const made = await access(join(dir, 'data')).then(
    () => true,
    () => false,
  );
  if (made) return;
  const installDb = await findProgram(['mariadb-install-db']);
  if (!installDb) throw new ServerUnavailableError(server, '`mariadb-install-db` is missing', ways);
  const unfinished = join(dir, 'data.unfinished'); // an interrupted start must not leave half a database
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  // The script does not quote its data directory, so a path with a space goes by another name.
  const links = await mkdtemp(join(tmpdir(), 'mariadb-'));
  await symlink(unfinished, join(links, 'data'));
  try {
    const options = [
      '--no-defaults',
      `--datadir=${join(links, 'data')}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      ...asRoot(),
    ];
    await run(installDb, options, { env: PRIVATE });
  } finally {
    await rm(links, { recursive: true });
  }
  await rename(unfinished, join(dir, 'data'));
}

/** MariaDB refuses to run as root unless an option allows it. */
function asRoot(): string[] {
  return process.getuid?.() === 0 ? ['--user=root'] : [];
}
