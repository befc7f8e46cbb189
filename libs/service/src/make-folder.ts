import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes a folder with its parents. Where the file system is read-only, Node's own recursive `mkdir` reports a missing folder instead. */
export function makeFolder(path: string, make: (path: string) => unknown = mkdirSync): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path), make);
  try {
    make(path);
  } catch (error) {
    if (!existsSync(path)) throw error; // another process may have made it meanwhile
  }
}
