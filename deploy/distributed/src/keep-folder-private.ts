import { makePrivate } from '@sockshop/supervisor';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const DATA = ['state.json', 'claim.lock', 'control.sock', 'logs', 'distributed'];
/** Beside them: what `npm run chaos` writes into its shop's folder, and other shops. */
const KNOWN = [...DATA, 'embedded', 'chaos', 'launcher.txt', 'shoppers.txt', 'journal.jsonl'];

/** Takes the shop's files from other users, and the folder too where nothing else is in it. */
export function keepFolderPrivate(dir: string): void {
  if (readdirSync(dir).every((name) => KNOWN.includes(name))) makePrivate(dir);
  else for (const name of DATA) makePrivate(join(dir, name));
}
