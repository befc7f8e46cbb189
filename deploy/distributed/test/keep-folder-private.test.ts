import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepFolderPrivate } from '../src/keep-folder-private.ts';

describe('the folder that an older shop has left for all to read', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'distributed-'));
    mkdirSync(join(dir, 'distributed', 'mongodb'), { recursive: true });
    mkdirSync(join(dir, 'logs'));
    for (const name of FILES) writeFileSync(join(dir, name), '');
    for (const name of FILES) chmodSync(join(dir, name), 0o644); // whatever the umask of the test run
    for (const name of FOLDERS) chmodSync(join(dir, name), 0o755);
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  const FILES = ['logs/orders.log', 'distributed/mongodb/users.sqlite'];
  const FOLDERS = ['', 'logs', 'distributed', 'distributed/mongodb'];
  const modes = (names: readonly string[]): number[] =>
    names.map((name) => statSync(join(dir, name)).mode & 0o777);

  it('is for its owner alone', () => {
    keepFolderPrivate(dir);
    expect(modes(FOLDERS)).toEqual(FOLDERS.map(() => 0o700));
    expect(modes(FILES)).toEqual(FILES.map(() => 0o600));
  });

  it('keeps its own mode, and that of what is not of a shop, when it has anything else in it', () => {
    writeFileSync(join(dir, 'holiday.jpg'), '');
    chmodSync(join(dir, 'holiday.jpg'), 0o644); // whatever the umask of the test run
    const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
    chmodSync(elsewhere, 0o755);
    symlinkSync(elsewhere, join(dir, 'logs', 'link'));
    keepFolderPrivate(dir);
    expect(modes(['', 'holiday.jpg'])).toEqual([0o755, 0o644]);
    expect(modes(FOLDERS.slice(1))).toEqual([0o700, 0o700, 0o700]);
    expect(modes(FILES)).toEqual([0o600, 0o600]);
    expect(statSync(elsewhere).mode & 0o777).toBe(0o755);
    rmSync(elsewhere, { recursive: true });
  });
});
