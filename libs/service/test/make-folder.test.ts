import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../src/make-folder.ts';

describe('makeFolder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'make-folder-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('makes all missing parents, and nothing where all is there', () => {
    makeFolder(join(folder, 'deep', 'down'));
    makeFolder(join(folder, 'deep', 'down'));
    expect(existsSync(join(folder, 'deep', 'down'))).toBe(true);
  });

  it('takes a folder that another process makes at the same time', () => {
    const late = (path: string): void => {
      mkdirSync(path);
      mkdirSync(path);
    };
    makeFolder(join(folder, 'deep', 'down'), late);
    expect(existsSync(join(folder, 'deep', 'down'))).toBe(true);
  });

  it('reports what the system says of the first folder that it cannot make', () => {
    const readOnly = (path: string): never => {
      throw new Error(`EROFS: read-only file system, mkdir '${path}'`);
    };
    const first = join(folder, 'deep');
    expect(() => {
      makeFolder(join(first, 'down'), readOnly);
    }).toThrow(`EROFS: read-only file system, mkdir '${first}'`);
  });
});
