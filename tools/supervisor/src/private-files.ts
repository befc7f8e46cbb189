import { chmodSync, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Bits of everyone but the owner. */
const OTHERS = 0o077;

/** What this process writes from now on, and what those it starts write, only its owner may read: a shop's data hold card numbers. */
export function keepPrivate(): void {
  process.umask(OTHERS);
}

/** Makes a folder, and those above it that are missing. Not by `recursive`: below `/proc` that never returns. */
export function makePrivateFolder(dir: string): void {
  try {
    mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST' && statSync(dir).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(dir) === dir) throw error;
    makePrivateFolder(dirname(dir));
    makeLast(dir);
  }
}

/** Another process may make it at the same time. */
function makeLast(dir: string): void {
  try {
    mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/** Takes a file, or a folder with all in it, from everyone but its owner: an older version wrote them for all to read. */
export function makePrivate(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat || stat.isSymbolicLink()) return;
  try {
    if (stat.mode & OTHERS) chmodSync(path, stat.mode & 0o700);
    if (stat.isDirectory()) for (const name of readdirSync(path)) makePrivate(join(path, name));
  } catch (error) {
    // Another user's, or deleted meanwhile. Where it matters, its use fails.
    if (!['EPERM', 'EACCES', 'ENOENT', 'EROFS'].includes(codeOf(error))) throw error;
  }
}

/** Whether others than the owner may do anything with it. */
export function isOpen(path: string): boolean {
  return (statSync(path).mode & OTHERS) !== 0;
}

/** Of an error of the system; empty where it is another. */
export function codeOf(error: unknown): string {
  const known = typeof error === 'object' && error !== null && 'code' in error;
  return known ? String(error.code) : '';
}
