import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes a folder with its parents, for their owner alone. Below `/proc` Node's own recursive `mkdir` never returns. Where the file system is read-only, it reports a missing folder instead. */
export function makeFolder(path: string, make: (path: string) => unknown = makePrivate): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path), make);
  try {
    make(path);
  } catch (error) {
    if (!existsSync(path)) throw error; // another process may have made it meanwhile
  }
}

function makePrivate(path: string): void {
  mkdirSync(path, { mode: 0o700 });
}
