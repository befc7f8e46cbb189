import { describe, expect, it } from '@jest/globals';
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileProblem } from '../src/file-problem.ts';

describe('fileProblem', () => {
  const dir = mkdtempSync(join(tmpdir(), 'file-problem-'));
  const file = join(dir, 'file');
  const problemOf = (use: () => unknown, path?: string): string | undefined => {
    try {
      use();
    } catch (error) {
      return fileProblem(error, path);
    }
    return 'no error';
  };

  it('says in one line which file cannot be used, and why', () => {
    writeFileSync(file, '');
    symlinkSync(join(dir, 'loop'), join(dir, 'loop'));
    expect([
      problemOf(() => readFileSync(join(dir, 'no'))),
      problemOf(() => readFileSync(dir), dir),
      problemOf(() => openSync(dir, 'w')),
      problemOf(() => {
        mkdirSync(file);
      }),
      problemOf(() => {
        mkdirSync(join(file, 'in'));
      }),
      problemOf(() => readFileSync(join(dir, 'loop'))),
      problemOf(() => {
        writeFileSync('/dev/full', 'a');
      }),
      problemOf(() => {
        writeFileSync(join(dir, 'n'.repeat(300)), '');
      }, 'the name'),
    ]).toEqual([
      `${join(dir, 'no')} cannot be used: it does not exist, or a folder on the way to it does not (ENOENT).`,
      `${dir} cannot be used: it is a folder, not a file (EISDIR).`,
      `${dir} cannot be used: it is a folder, not a file (EISDIR).`,
      `${file} cannot be used: it is there already, and is not a folder (EEXIST).`,
      `${join(file, 'in')} cannot be used: it, or a part of it, is a file, not a folder (ENOTDIR).`,
      `${join(dir, 'loop')} cannot be used: it is a circle of links (ELOOP).`,
      'A file cannot be used: the disk is full (ENOSPC).',
      'the name cannot be used: it is too long (ENAMETOOLONG).',
    ]);
    rmSync(dir, { recursive: true });
  });

  it.each([
    ['an error of our own', new Error('ENOENT')],
    [
      'an error of the network',
      Object.assign(new Error(), { code: 'ECONNREFUSED', syscall: 'connect' }),
    ],
    ['a text', 'ENOENT'],
    ['nothing', undefined],
  ])('is silent about %s', (_title, error) => {
    expect(fileProblem(error)).toBeUndefined();
  });
});
