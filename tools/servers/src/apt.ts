import type { Say } from '@sockshop/supervisor';
import { findProgram, run } from './program.ts';
import { ServerUnavailableError } from './server.ts';

interface Wanted {
  /** The server it is for, as a person calls it. */
  server: string;
  /** Any of these will do. */
  programs: string[];
  /** Looked into before the PATH. */
  dirs?: string[];
  /** The Debian packages that bring one of the programs. */
  packages: string[];
  /** What a person can do where we may not install: whole sentences. */
  ways: string;
  say: Say;
}

/**
 * The program's path, after an installation from the system's own package archive where we may: as root on a
 * Debian-like system. Throws {@link ServerUnavailableError}.
 */
export async function findOrInstall(wanted: Wanted): Promise<string> {
  const { server, programs, dirs, packages, ways, say } = wanted;
  const found = await findProgram(programs, dirs);
  if (found) return found;
  const missing = `there is no ${programs.map((name) => `\`${name}\``).join(' or ')} on the PATH`;
  const apt = process.getuid?.() === 0 ? await findProgram(['apt-get']) : undefined;
  if (!apt) {
    throw new ServerUnavailableError(
      server,
      `${missing}, and only root on a Debian-like system may install it`,
      ways,
    );
  }
  try {
    await install(apt, packages, say);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ServerUnavailableError(
      server,
      `${missing}, and installing it failed (${why})`,
      ways,
      error,
    );
  }
  const installed = await findProgram(programs, dirs);
  if (installed) return installed;
  throw new ServerUnavailableError(
    server,
    `${missing}, not even with ${packages.join(', ')} installed`,
    ways,
  );
}

let installing: Promise<unknown> = Promise.resolve();
let updated: Promise<unknown> | undefined;

/** One installation after the other: apt holds one lock for the whole machine. */
function install(apt: string, packages: string[], say: Say): Promise<void> {
  const mine = installing.then(() => installNow(apt, packages, say));
  installing = mine.catch(() => undefined);
  return mine;
}

/**
 * A daemon that the system starts on its own after the installation is left alone: our servers have ports and
 * data of their own.
 */
async function installNow(apt: string, packages: string[], say: Say): Promise<void> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const wait = ['-o', 'DPkg::Lock::Timeout=300']; // seconds, for another apt on the machine
  const args = [...wait, 'install', '-y', '--no-install-recommends', ...packages];
  // Our own umask keeps a shop's data private: what the packages' scripts write is for all users of the machine.
  const aptGet = (...args: string[]) =>
    run('/bin/sh', ['-c', 'umask 022; exec "$@"', 'sh', apt, ...args], { env });
  say(`installing ${packages.join(', ')} with apt-get`);
  try {
    await aptGet(...args);
  } catch {
    // Most often the lists of packages are missing (a fresh container) or old.
    updated ??= aptGet('update');
    await updated;
    await aptGet(...args);
  }
}
