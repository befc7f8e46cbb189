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
  if (isFolder(dir)) return;
  makePrivateFolder(dirname(dir));
  try {
    mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    if (!isFolder(dir)) throw error; // another process may be first
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Takes a file, or a folder with all in it, from everyone but its owner: an older version wrote them for all to read. */
export function makePrivate(path: string): void {
  if (process.platform === 'win32') return; // it has no such modes
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
