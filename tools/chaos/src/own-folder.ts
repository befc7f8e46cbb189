import { CommandError } from '@sockshop/cli';
import { makePrivateFolder } from '@sockshop/supervisor';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export const LAUNCHER_FILE = 'launcher.txt';
export const SHOPPERS_FILE = 'shoppers.txt';
export const JOURNAL_FILE = 'journal.jsonl';

/** Of an earlier run: what its shop keeps, and what this tool writes beside. */
const SHOP = ['distributed', 'logs', 'state.json', 'claim.lock', 'control.sock'];
const MARKS = [LAUNCHER_FILE, SHOPPERS_FILE, JOURNAL_FILE];

/** Deletes what an earlier run left, by names. @throws CommandError for a folder with anything else in it, or a shop of a person's own. */
export function emptyFolder(dir: string): void {
  const names = existsSync(dir) ? readdirSync(dir) : [];
  const foreign = names.filter((name) => ![...SHOP, ...MARKS].includes(name));
  const isOurs = names.length === 0 || names.some((name) => MARKS.includes(name));
  if (foreign.length > 0 || !isOurs) {
    const why = foreign.length > 0 ? `${foreign[0] ?? ''} is in it` : 'no chaos run has made it';
    throw new CommandError(
      `Nothing is deleted in ${dir}: ${why}. Choose another folder, empty or new: npm run chaos -- --dir DIR`,
    );
  }
  makePrivateFolder(dir);
  for (const name of names) rmSync(join(dir, name), { recursive: true });
}
