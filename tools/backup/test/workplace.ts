import { afterEach, beforeEach } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadBackup } from '../src/load-backup.ts';
import { verifyBackup } from '../src/read-backup.ts';
import type { Entry, Store } from '../src/store.ts';
import { writeBackup } from '../src/write-backup.ts';

const ABOUT = { way: 'distributed', takenAt: '2026-01-02T03:04:05Z', version: '1.0.0' } as const;

/** A folder for each test of a store, and what is to be done at its end. */
export class Workplace {
  dir = '';
  private ends: (() => Promise<void>)[] = [];

  constructor() {
    beforeEach(async () => {
      this.dir = await mkdtemp(join(tmpdir(), 'backup-'));
    });
    afterEach(async () => {
      await this.cleanedUp();
      await rm(this.dir, { recursive: true });
    });
  }

  readonly cleanUp = (how: () => Promise<void>): void => void this.ends.push(how);

  async cleanedUp(): Promise<void> {
    for (const how of this.ends.splice(0).reverse()) await how();
  }

  /** A verified backup of the store. */
  async save(store: Store): Promise<string> {
    const file = await this.write(store.save());
    await verifyBackup(file);
    return file;
  }

  async write(entries: AsyncIterable<Entry>): Promise<string> {
    const file = join(this.dir, 'shop.backup');
    await writeBackup(file, ABOUT, entries, this.cleanUp);
    return file;
  }

  async restore(file: string, store: Store): Promise<void> {
    for (const place of await loadBackup(file, [store], this.cleanUp)) await place.swap();
  }
}

/** Moves one from a row to the other for as long as `work` takes: each moment's sum is the same. */
export async function whileMoving<T>(
  move: () => Promise<void>,
  work: () => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  let moves = 0;
  const moving = (async () => {
    for (; !stop.signal.aborted || moves < 10; moves++) await move();
  })();
  const result = await work();
  stop.abort();
  await moving;
  return result;
}
