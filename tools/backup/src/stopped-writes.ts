import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { MongoClient } from 'mongodb';
import { BackupError } from './store.ts';

/** Longer than that shoppers' writes never wait. */
export const LONGEST_WAIT_MS = 10_000;

export interface StoppedWrites {
  /** Lets them go on; the second time it does nothing. @throws BackupError when they went on before. */
  release(): Promise<void>;
}

/**
 * All writes of a MongoDB without a replica set, and of its stand-in, wait from now on: `fsync` with lock. MongoDB would keep the lock for
 * ever if this process were killed, so another one watches it.
 */
export async function stopWrites(client: MongoClient, url: string): Promise<StoppedWrites> {
  const guard = await startGuard(url);
  const admin = client.db('admin');
  let held = true;
  const release = async (): Promise<void> => {
    if (!held) return;
    held = false;
    try {
      await admin.command({ fsyncUnlock: 1 });
    } catch (error) {
      const seconds = LONGEST_WAIT_MS / 1000;
      throw new BackupError(
        `Reading MongoDB took longer than the ${seconds} s for which writes may wait: stop the shop, then take the backup.`,
        { cause: error },
      );
    } finally {
      guard.dismiss();
    }
  };
  try {
    await admin.command({ fsync: 1, lock: true });
  } catch (error) {
    held = false;
    guard.dismiss();
    throw error;
  }
  return { release };
}

/** In a session of its own: a Ctrl-C that ends us does not reach it. */
async function startGuard(url: string): Promise<{ dismiss(): void }> {
  // Run by Jest this file is TypeScript, as is the guard, which Node 24 runs as it is.
  const script = join(import.meta.dirname, `unlock-guard.${import.meta.filename.slice(-2)}`);
  const child = spawn(process.execPath, [script], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  child.stdin.on('error', () => undefined); // it ended first
  child.stdin.write(`${JSON.stringify({ url, withinMs: LONGEST_WAIT_MS })}\n`); // not an argument: it may hold a password
  const [said] = (await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit'),
  ])) as unknown[];
  if (!Buffer.isBuffer(said))
    throw new BackupError('The guard of the lock on MongoDB does not start.');
  return { dismiss: () => child.stdin.end('done\n') };
}
