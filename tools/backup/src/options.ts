import { UsageError } from '@sockshop/cli';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { WayName } from './store.ts';

export interface BackupOptions {
  /** Absolute path. */
  readonly file: string;
  /** Undefined: the one that runs, or has data. */
  readonly way: WayName | undefined;
  /** Absolute path of the distributed way's folder. */
  readonly dir: string;
  /** Absolute path of the embedded way's folder. */
  readonly data: string;
  /** Restore into servers given by URL, too. */
  readonly yes: boolean;
}

export const USAGE = `npm run backup -- FILE [options]
npm run restore -- FILE [options]

  --way embedded|distributed  of which shop, where both are there
  --dir DIR                   the --dir of npm run start:distributed (.sockshop)
  --data DIR                  the --data of npm start (embedded, in the --dir)
  --yes                       restore: also into servers that MYSQL_URL and MONGO_URL name
  --help                      this text

A backup is taken while the shop runs or is stopped; for a restore it must be stopped.`;

/**
 * Undefined when only the usage is asked for. `root` is the workspace's folder, `cwd` what a relative path is meant from.
 * @throws UsageError
 */
export function parseOptions(
  argv: readonly string[],
  root: string,
  cwd: string,
): BackupOptions | undefined {
  const { values, positionals } = parsed(argv);
  if (values.help) return undefined;
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError('one FILE is needed');
  const dir = resolve(cwd, values.dir ?? join(root, '.sockshop'));
  return {
    file: resolve(cwd, file),
    way: wayOption(values.way),
    dir,
    data: resolve(cwd, values.data ?? join(dir, 'embedded')),
    yes: values.yes ?? false,
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        way: { type: 'string' },
        dir: { type: 'string' },
        data: { type: 'string' },
        yes: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function wayOption(text: string | undefined): WayName | undefined {
  if (text === undefined || text === 'embedded' || text === 'distributed') return text;
  throw new UsageError(`--way: neither embedded nor distributed: ${text}`);
}
