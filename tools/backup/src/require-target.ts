import { fileProblem } from '@sockshop/cli';
import { constants, type Stats } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isBackup } from './read-backup.ts';
import { BackupError } from './store.ts';

/**
 * Looks before anything is read or started. A backup takes the place of what has its name: only of an older backup, or of an empty file. @throws
 * BackupError
 */
export async function requireTarget(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK);
    const there = await stat(path).catch(ifMissing);
    if (!there) return;
    const why = await refusal(path, there);
    if (why === undefined) return;
    throw new BackupError(`No backup was written: ${path} ${why}. Choose another name.`);
  } catch (error) {
    const problem = fileProblem(error, path);
    if (problem === undefined) throw error;
    throw new BackupError(`No backup was written: ${problem}`, { cause: error });
  }
}

async function refusal(path: string, there: Stats): Promise<string | undefined> {
  if (there.isDirectory()) return 'is a folder';
  if (!there.isFile()) return 'is not a file, but a device or a pipe';
  if (there.size > 0 && !(await isBackup(path)))
    return 'is there already, and is not a backup of Sock Shop';
  return undefined;
}

function ifMissing(error: unknown): undefined {
  if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT')
    return undefined;
  throw error;
}
