import { AT_WORK, readState, runs } from '@sockshop/supervisor';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from './context.ts';
import { distributedStores } from './distributed-stores.ts';
import { KeyFileStore } from './key-file-store.ts';
import { MongoStore } from './mongo-store.ts';
import { type BackupOptions, ROOT } from './options.ts';
import { requireTarget } from './require-target.ts';
import { SqliteStore } from './sqlite-store.ts';
import { BackupError, type Entry, type Store } from './store.ts';
import { size, summary } from './summary.ts';
import { whichWay } from './which-way.ts';
import { writeBackup } from './write-backup.ts';

/** Takes a backup of the shop, running or stopped. @throws BackupError */
export async function backup(options: BackupOptions, context: Context): Promise<void> {
  const { file, dir, data } = options;
  const { say, cleanUp } = context;
  await requireTarget(file);
  const way = whichWay(options);
  if (way === 'embedded') refuseDuringRestore(data);
  const stores =
    way === 'embedded'
      ? [new SqliteStore(data), new KeyFileStore(join(data, 'session.key'))]
      : await distributedStores({ dir, aside: `${file}.${process.pid}.aside`, say, cleanUp });
  const begun = new Date();
  const about = { way, takenAt: begun.toISOString(), version: await versionOf() };
  const { totals, bytes } = await writeBackup(file, about, entriesOf(stores), cleanUp);
  context.finishing();
  const seconds = ((Date.now() - begun.getTime()) / 1000).toFixed(1);
  say(`Saved of the ${way} shop: ${summary(totals)}`);
  const waited = stores.find((store) => store instanceof MongoStore)?.writesWaitedMs;
  const wait = waited === undefined ? '' : `; writes waited for ${(waited / 1000).toFixed(2)} s`;
  say(`${size(bytes)} in ${seconds} s: ${file}${wait}`);
}

/** It swaps one file after the other. A distributed shop's stores cannot be had meanwhile. */
function refuseDuringRestore(data: string): void {
  const state = readState(data);
  if (state?.url === AT_WORK && runs(state.launcher))
    throw new BackupError('A restore is at work: try again in a moment.');
}

async function* entriesOf(stores: readonly Store[]): AsyncGenerator<Entry> {
  for (const store of stores) yield* store.save();
}

async function versionOf(): Promise<string> {
  const text = await readFile(join(ROOT, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version; // of this workspace
}
