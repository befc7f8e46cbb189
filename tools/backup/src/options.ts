import { flag, oneOf, option, optional, path, type Values } from '@sockshop/cli';
import { join } from 'node:path';
import type { WayName } from './store.ts';

/** The workspace's folder. */
export const ROOT = join(import.meta.dirname, '../../..');

const options = {
  way: optional(
    'WAY',
    'which shop, where there are two: embedded or distributed',
    oneOf<WayName>('embedded', 'distributed'),
  ),
  dir: option(
    'DIR',
    'the --dir of npm run start:distributed',
    path,
    join(ROOT, '.sockshop'),
    '.sockshop',
  ),
  data: optional('DIR', 'the --data of npm start', path, 'embedded, in the --dir'),
};

export const BACKUP = {
  call: 'npm run backup --',
  operands: ['FILE'],
  options,
  about: 'Saves all that the shop keeps, while it runs or when it is stopped.',
};

export const RESTORE = {
  call: 'npm run restore --',
  operands: ['FILE'],
  options: {
    ...options,
    yes: flag('restore also into servers that MYSQL_URL and MONGO_URL name'),
  },
  about: 'Puts a backup in the place of all that a stopped shop keeps.',
};

export interface BackupOptions {
  /** Absolute path. */
  readonly file: string;
  /** Undefined: the one that runs, or has data. */
  readonly way: WayName | undefined;
  /** Absolute path of the distributed way's folder. */
  readonly dir: string;
  /** Absolute path of the embedded way's folder. */
  readonly data: string;
}

/** What the command lines of both say. */
export function backupOptions(
  { way, dir, data = join(dir, 'embedded') }: Values<typeof options>,
  [file = '']: readonly string[],
): BackupOptions {
  return { file: path(file), way, dir, data };
}
