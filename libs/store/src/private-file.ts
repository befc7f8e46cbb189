import { makeFolder } from '@sockshop/service';
import { closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes the file, where it is missing, for its owner alone; SQLite gives its mode to those beside it. Customers' cards are in it. */
export function makePrivateFile(path: string): void {
  makeFolder(dirname(path));
  closeSync(openSync(path, 'a', 0o600));
}
