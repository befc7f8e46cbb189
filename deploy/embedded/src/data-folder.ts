import { CommandError } from '@sockshop/cli';
import { SERVICES } from '@sockshop/parts';
import { LOCK_FILE, makePrivate, shellWord, STATE_FILE } from '@sockshop/supervisor';
import { closeSync, existsSync, lstatSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { START } from './options.ts';

export const LOG_FILE = 'sock-shop.log';
export const SESSION_KEY_FILE = 'session.key';

const DATABASES = SERVICES.filter(({ database }) => database).map(({ name }) => fileOf(name));
/** What SQLite keeps beside a database in use. */
const COMPANIONS = ['-wal', '-shm', '-journal'];
/** Of a shop; `.restoring` is what an interrupted restore leaves. A key has a number in its name while it is made. */
const DATA = [...DATABASES, SESSION_KEY_FILE]
  .flatMap((name) => [name, `${name}.restoring`])
  .flatMap((name) => [name, ...COMPANIONS.map((end) => name + end)]);
const KEY_IN_THE_MAKING = /^session\.key\.\d+$/;
const CLAIM = [STATE_FILE, `${STATE_FILE}.new`, LOCK_FILE, `${LOCK_FILE}-journal`];
/** Only a shop has them: any program may have a `user.db`. */
const MARKS = [LOG_FILE, SESSION_KEY_FILE, STATE_FILE];
/** SQLite's result codes of a file that is damaged, or something else. */
const DAMAGED = [11, 26];

/** Where a service keeps its database. */
export function databaseFile(data: string, name: string): string {
  return join(data, fileOf(name));
}

/** @throws CommandError unless all in the folder is a shop's, so that `--reset` may delete it. Nothing needs no deletion. */
export function requireOwnFolder(data: string): void {
  if (!existsSync(data)) return;
  const names = readdirSync(data);
  const foreign = names.filter((name) => !isOurs(data, name));
  const why =
    foreign.length > 0
      ? `something else is in it (${foreign.slice(0, 3).join(', ')}${foreign.length > 3 ? ', …' : ''})`
      : 'it is not the folder of a shop';
  if (foreign.length === 0 && (names.length === 0 || MARKS.some((mark) => names.includes(mark))))
    return;
  throw new CommandError(
    `--reset deletes nothing in ${data}: ${why}. Choose another folder with: ${START.name()} --data DIR`,
  );
}

/** Deletes the files of a shop by their names, and nothing else. The folder must be claimed. */
export function resetFolder(data: string): void {
  for (const name of readdirSync(data))
    if (!CLAIM.includes(name) && isOurs(data, name)) rmSync(join(data, name));
}

/** Takes the shop's files from other users, and the folder too where only a shop's files are in it. */
export function keepFolderPrivate(data: string): void {
  const names = readdirSync(data);
  const ours = names.filter((name) => isOurs(data, name));
  if (ours.length === names.length) makePrivate(data);
  else for (const name of ours) makePrivate(join(data, name));
}

/**
 * A service would try again and again to open a database that it cannot use, and make do without a key. @throws CommandError, or the system's
 * error, which names the file
 */
export function requireUsable(data: string): void {
  for (const name of [...DATABASES, SESSION_KEY_FILE]) {
    const path = join(data, name);
    if (!existsSync(path)) continue;
    closeSync(openSync(path, 'r+')); // fails for a folder, and for a file that may not be written
    if (name === SESSION_KEY_FILE) continue;
    try {
      const database = new DatabaseSync(path, { timeout: 1000 });
      try {
        database.exec('SELECT count(*) FROM sqlite_schema; BEGIN IMMEDIATE; ROLLBACK');
      } finally {
        database.close();
      }
    } catch (error) {
      throw databaseProblem(error, path, data) ?? error;
    }
  }
}

/** Explains an error of SQLite; undefined for any other. */
export function databaseProblem(
  error: unknown,
  path: string,
  data: string,
): CommandError | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = [error, error.cause].map(sqliteCode).find((each) => each !== undefined);
  if (code === undefined) return undefined;
  const damaged = DAMAGED.includes(code % 256); // the rest of an extended code says of what kind
  const how = damaged ? 'is damaged, or not a database' : 'cannot be used';
  const resettable = [LOG_FILE, SESSION_KEY_FILE].some((name) => existsSync(join(data, name)));
  const fresh = resettable
    ? `, put a backup back (npm run restore), or start with fresh data: ${START.name()} --data ${shellWord(data)} --reset`
    : '.';
  const advice = damaged ? ` Move it elsewhere${fresh}` : '';
  return new CommandError(`${path} ${how}: ${error.message}.${advice}`, { cause: error });
}

function sqliteCode(error: unknown): number | undefined {
  const known = typeof error === 'object' && error !== null && 'errcode' in error;
  return known ? Number(error.errcode) : undefined;
}

/** Links and folders of these names are not ours: what they lead to may be anything. */
function isOurs(data: string, name: string): boolean {
  const known = [...DATA, ...CLAIM, LOG_FILE].includes(name) || KEY_IN_THE_MAKING.test(name);
  return known && (lstatSync(join(data, name), { throwIfNoEntry: false })?.isFile() ?? true);
}

function fileOf(name: string): string {
  return `${name}.db`;
}
