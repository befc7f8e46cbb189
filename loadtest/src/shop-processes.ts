import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
/** Where shops of this workspace keep their state, newest way last. */
const FOLDERS = ['.sockshop/embedded', '.sockshop'];

/**
 * The processes of the shop at this address, by process id: what its launcher wrote, and this program beside them. Only this program's
 * own for a shop elsewhere.
 * @param dir the folder of the shop's state, where it is another one
 */
export async function shopProcesses(
  shop: URL,
  dir: string | undefined,
): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  if (!['localhost', '127.0.0.1', '[::1]'].includes(shop.hostname)) return found;
  // The container image has no launcher, and sees no processes but its own.
  const { readState } = await import('@sockshop/supervisor').catch(() => ({
    readState: undefined,
  }));
  if (!readState) return found;
  for (const folder of dir === undefined ? FOLDERS.map((name) => join(ROOT, name)) : [dir]) {
    const state = readState(folder);
    const url = state && URL.parse(state.url);
    if (url?.port !== shop.port || !state) continue;
    found.set(state.launcher.pid, state.way === 'embedded' ? 'the shop' : 'launcher');
    for (const { name, process } of state.parts) if (process) found.set(process.pid, name);
    found.set(process.pid, 'load generator');
  }
  return found;
}
