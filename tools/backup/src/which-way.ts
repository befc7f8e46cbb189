import { secretOf } from '@sockshop/secrets';
import { readState, runs } from '@sockshop/supervisor';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BackupOptions } from './options.ts';
import { SqliteStore } from './sqlite-store.ts';
import { BackupError, type WayName } from './store.ts';

/** The shop that a backup is wanted of: the one named, else the one that runs, else the one with data. @throws BackupError */
export function whichWay(options: BackupOptions): WayName {
  if (options.way) return options.way;
  const running = [
    ...(embeddedRuns(options.data) ? (['embedded'] as const) : []),
    ...(distributedRuns(options.dir) ? (['distributed'] as const) : []),
  ];
  const found = running.length > 0 ? running : waysWithData(options);
  const [way, another] = found;
  if (!way) throw new BackupError(`There is no shop in ${placesOf(options)} to take a backup of.`);
  if (!another) return way;
  const both = running.length > 0 ? 'Both shops run' : 'There are two shops';
  throw new BackupError(`${both}: say which with --way embedded or --way distributed.`);
}

/** The embedded way's own folder is in the other, unless it is named. */
function placesOf({ dir, data }: BackupOptions): string {
  return data === join(dir, 'embedded') ? dir : `${data} or ${dir}`;
}

/** Whether a process has its databases open. */
export function embeddedRuns(data: string): boolean {
  const state = readState(data);
  if (runs(state?.launcher)) return state.way === 'embedded';
  const unlock = new SqliteStore(data).lock();
  unlock?.();
  return unlock === undefined;
}

function distributedRuns(dir: string): boolean {
  const state = readState(dir);
  return state?.way === 'distributed' && runs(state.launcher);
}

function waysWithData({ data, dir }: BackupOptions): WayName[] {
  const given = secretOf('MYSQL_URL') && secretOf('MONGO_URL');
  const distributed = existsSync(join(dir, 'distributed', 'mariadb', 'data')) || given;
  return [
    ...(existsSync(join(data, 'orders.db')) ? (['embedded'] as const) : []),
    ...(distributed ? (['distributed'] as const) : []),
  ];
}
