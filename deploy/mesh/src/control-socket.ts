import { openSync } from 'node:fs';
import { join } from 'node:path';

/** In the folder of the shop. */
export const SOCKET_FILE = 'control.sock';

/** Of an address of a Unix socket, with room for the 0 at its end. */
const LONGEST = 103;

/** Linux knows a folder that is open by a shorter name, too. */
export function socketPath(dir: string): string {
  const path = join(dir, SOCKET_FILE);
  if (Buffer.byteLength(path) <= LONGEST || process.platform !== 'linux') return path;
  return `/proc/self/fd/${openSync(dir, 'r')}/${SOCKET_FILE}`;
}
