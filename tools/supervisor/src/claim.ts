import { CommandError } from '@sockshop/cli';
import { closeSync, openSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { endProcesses } from './end-processes.ts';
import { isOpen, makePrivate, makePrivateFolder } from './private-files.ts';
import { processOf, runs } from './processes.ts';
import type { Say } from './say.ts';
import {
  readState,
  removeState,
  type State,
  stateFile,
  type WayName,
  writeState,
} from './state.ts';

/** The folder that commands use where none is named: the embedded way's is in it. */
export const DEFAULT_DIR = join(import.meta.dirname, '../../../.sockshop');

/** Of the folder, while it is being claimed. */
export const LOCK_FILE = 'claim.lock';
/** Milliseconds to wait for another process's claim. */
const LOCK_MS = 5000;

/** What commands keep, by their defaults, inside the folder of a distributed shop that may be running. */
const NEIGHBOURS = ['embedded', 'chaos', 'ninth', 'test-servers'];
/** Where a distributed shop writes, so that nothing else may run there. */
const WRITTEN = ['mariadb', 'mongodb', 'rabbitmq', 'zipkin'].map((name) => `distributed/${name}`);

/** Another process has the folder. The message says which, and what to do. */
export class FolderInUseError extends CommandError {
  override readonly name = 'FolderInUseError';
}

export type Claim = Pick<State, 'way' | 'url' | 'logs'>;

/**
 * Ends what a killed launcher left in the folder, and does nothing else to it. @throws FolderInUseError where a shop, or a backup, has the
 * folder or one around it.
 */
export async function requireUnclaimed(
  dir: string,
  way: WayName,
  callersFirst: readonly (readonly string[])[],
  say: Say,
): Promise<void> {
  refuse(dir, way);
  const ended = await endProcesses(readState(dir)?.parts ?? [], callersFirst);
  if (ended > 0) say(`ended ${ended} processes that a killed launcher had left`);
}

/**
 * Takes the folder for this process, with the file that `stop` and `status` read: of processes that try at the same time one gets it.
 * The file of a process that has ended is no claim. @throws FolderInUseError
 */
export function claimFolder(dir: string, claim: Claim): State {
  // Where the system does not say when a process started, no claim is known.
  const launcher = processOf(process.pid) ?? { pid: process.pid, start: 'unknown' };
  makePrivateFolder(dir);
  if (!relative(DEFAULT_DIR, dir).startsWith('..') && isOpen(DEFAULT_DIR)) makePrivate(DEFAULT_DIR);
  return locked(dir, () => {
    refuse(dir, claim.way);
    if (!readState(dir) && !isEmpty(stateFile(dir)))
      throw new CommandError(
        `${stateFile(dir)} is not a file of Sock Shop, which needs the name: choose another folder.`,
      );
    const state: State = { ...claim, launcher, startedAt: new Date().toISOString(), parts: [] };
    writeState(dir, state);
    return state;
  });
}

/** Removes the file of a launcher that has ended, unless another has claimed the folder since. */
export function forgetEnded(dir: string): void {
  locked(dir, () => {
    if (!runs(readState(dir)?.launcher)) removeState(dir);
  });
}

/** What a person types to stop the shop of the folder. */
export function stopCommand(dir: string): string {
  const isDefault = [DEFAULT_DIR, join(DEFAULT_DIR, 'embedded')].includes(dir);
  return isDefault ? 'npm run stop' : `npm run stop -- --dir ${shellWord(dir)}`;
}

/** As a shell reads it, whatever is in it. */
export function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function refuse(dir: string, way: WayName): void {
  const state = readState(dir);
  if (state && runs(state.launcher)) throw new FolderInUseError(inUse(dir, state));
  const place = real(dir);
  for (let above = dirname(place); above !== dirname(above); above = dirname(above)) {
    const [first = ''] = relative(above, place).split(sep);
    const around = runningIn(above);
    if (around && !(around.way === 'distributed' && NEIGHBOURS.includes(first)))
      throw new FolderInUseError(
        `${dir} is in the folder of another shop. ${inUse(above, around)}`,
      );
  }
  if (way === 'embedded') return; // it writes no folders
  for (const name of ['logs', 'distributed', ...WRITTEN]) {
    const inside = join(place, name);
    const state = runningIn(inside);
    if (state) throw new FolderInUseError(`Another shop is in the way. ${inUse(inside, state)}`);
  }
}

/** One that others may read is not needed for a claim of our own. */
function runningIn(dir: string): State | undefined {
  try {
    const state = readState(dir);
    return state && runs(state.launcher) ? state : undefined;
  } catch {
    return undefined;
  }
}

function inUse(dir: string, { url, launcher: { pid } }: State): string {
  if (url !== '' && !url.startsWith('http'))
    return `${dir} is in use: ${url} (process ${pid}). Try again when it has ended.`;
  const how = url === '' ? `starting, from ${dir}` : `running: ${url}`;
  return `Sock Shop is already ${how} (process ${pid}). End it with: ${stopCommand(dir)}`;
}

/** Also where it is not there. A power cut leaves an empty file of ours. */
function isEmpty(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0;
}

/** Without links, also where its end does not exist yet. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return dirname(path) === path ? path : join(real(dirname(path)), basename(path));
  }
}

/** A lock of SQLite: the system releases it with the process, however that ends. */
function locked<T>(dir: string, work: () => T): T {
  const path = join(dir, LOCK_FILE);
  closeSync(openSync(path, 'a', 0o600)); // its error names the path, unlike SQLite's
  const lock = new DatabaseSync(path, { timeout: LOCK_MS });
  try {
    begin(lock, path);
    return work();
  } finally {
    lock.close();
  }
}

function begin(lock: DatabaseSync, path: string): void {
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(`${path} cannot be locked: ${why}.`, { cause: error });
  }
}
