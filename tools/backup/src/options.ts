import { command, Option, path } from '@sockshop/cli';
import { join } from 'node:path';
import type { WayName } from './store.ts';

/** The workspace's folder. */
export const ROOT = join(import.meta.dirname, '../../..');

const way = new Option('--way <WAY>', 'which shop, where there are two').choices([
  'embedded',
  'distributed',
]);
const dir = new Option('--dir <DIR>', 'the --dir of npm run start:distributed')
  .argParser(path)
  .default(join(ROOT, '.sockshop'), '.sockshop');
const data = new Option(
  '--data <DIR>',
  'the --data of npm start (default: embedded, in the --dir)',
).argParser(path);

export const PROGRAM = command('npm run').usage('backup|restore -- [options] <FILE>');

export const BACKUP = PROGRAM.command('backup')
  .usage('-- [options] <FILE>')
  .description('Saves all that the shop keeps, while it runs or when it is stopped.')
  .argument('<FILE>', 'where the backup is written', path)
  .addOption(way)
  .addOption(dir)
  .addOption(data);

export const RESTORE = PROGRAM.command('restore')
  .usage('-- [options] <FILE>')
  .description('Puts a backup in the place of all that a stopped shop keeps.')
  .argument('<FILE>', 'the backup', path)
  .addOption(way)
  .addOption(dir)
  .addOption(data)
  .option('--yes', 'restore also into servers that MYSQL_URL and MONGO_URL name');

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
  file: string,
  { way, dir, data = join(dir, 'embedded') }: ReturnType<typeof BACKUP.opts>,
): BackupOptions {
  return { file, way, dir, data };
}
