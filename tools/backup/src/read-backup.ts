import { fileProblem } from '@sockshop/cli';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { BSON } from 'mongodb';
import { BackupError, type Row, type Table, type WayName } from './store.ts';

/** Of the file: a higher one is not read. */
export const FORMAT = 1;

/** The first line. */
export interface Header {
  readonly sockShopBackup: number;
  readonly way: WayName;
  /** ISO 8601, when it was begun. */
  readonly takenAt: string;
  /** Of the shop that took it. */
  readonly version: string;
}

/** Rows of each table, by store, database and table. */
export type Totals = Record<string, number>;

/** The last line: without it the file was cut off. */
interface End {
  readonly totals: Totals;
  /** Of all lines before. */
  readonly sha256: string;
}

/** Rows that go to a store in one command, and bytes of their lines, about. */
const ROWS_AT_ONCE = 500;
const BYTES_AT_ONCE = 2 * 1024 * 1024;

/** Reads the whole file and says what is in it. @throws BackupError unless it is complete and unchanged. */
export async function verifyBackup(path: string): Promise<Header & { totals: Totals }> {
  const hash = createHash('sha256');
  let header: Header | undefined;
  let end: End | undefined;
  const damaged = (how: string, cause?: unknown): BackupError =>
    new BackupError(`${path} is ${how}: nothing was changed.`, { cause });
  try {
    for await (const line of linesOf(path)) {
      if (end) throw damaged('damaged, something follows its end');
      header ??= headerOf(line);
      if (line.startsWith('{"end":'))
        end = (JSON.parse(line) as { end: End }).end; // checked by its sum below
      else hash.update(line).update('\n');
    }
  } catch (error) {
    if (error instanceof BackupError) throw error;
    const code = codeOf(error);
    if (code === 'Z_BUF_ERROR') throw damaged('cut off', error);
    const problem = fileProblem(error, path);
    if (problem !== undefined) throw new BackupError(problem, { cause: error });
    throw damaged(header ? 'damaged' : 'not a backup of Sock Shop', error);
  }
  if (!header) throw damaged('not a backup of Sock Shop');
  if (!end) throw damaged('cut off');
  if (end.sha256 !== hash.digest('hex')) throw damaged('damaged, its checksum is another');
  return { ...header, totals: end.totals };
}

/** Whether the file begins as a backup does, whole or not. */
export async function isBackup(path: string): Promise<boolean> {
  try {
    for await (const line of linesOf(path)) {
      const { sockShopBackup } = JSON.parse(line) as Partial<Header>; // any JSON has or lacks the number
      return typeof sockShopBackup === 'number';
    }
  } catch {
    // Not gzip, or no JSON.
  }
  return false;
}

function headerOf(line: string): Header {
  const { sockShopBackup: format, ...header } = JSON.parse(line) as Header; // any JSON has or lacks the number
  if (typeof format !== 'number') throw new TypeError('no header');
  if (format > FORMAT)
    throw new BackupError(`The backup is of format ${format}; this shop reads up to ${FORMAT}.`);
  return { sockShopBackup: format, ...header };
}

/** Each table once without rows, then its rows in pieces. The file must have been verified. */
export async function* tablesOf(
  path: string,
): AsyncGenerator<{ table: Table } | { rows: readonly Row[] }> {
  let rows: Row[] = [];
  let bytes = 0;
  for await (const line of linesOf(path)) {
    const isRow = line.startsWith('{"row":');
    if (rows.length > 0 && (!isRow || rows.length >= ROWS_AT_ONCE || bytes > BYTES_AT_ONCE)) {
      yield { rows };
      rows = [];
      bytes = 0;
    }
    if (isRow) {
      rows.push((BSON.EJSON.parse(line, { relaxed: false }) as { row: Row }).row); // by its beginning
      bytes += line.length;
    } else if (line.startsWith('{"table":')) yield JSON.parse(line) as { table: Table };
  }
}

/** Not `readline`, for which some characters that JSON may hold end a line too. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const text = createGunzip().setEncoding('utf8');
  const read = pipeline(createReadStream(path), text);
  read.catch(() => undefined); // it destroys `text`, whose reader gets the error
  let rest = '';
  for await (const piece of text as AsyncIterable<string>) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  await read;
  if (rest !== '') yield rest;
}

function codeOf(error: unknown): unknown {
  const known = typeof error === 'object' && error !== null && 'code' in error;
  return known ? error.code : undefined;
}
