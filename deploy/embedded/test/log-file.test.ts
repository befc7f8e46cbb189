import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogFile } from '../src/log-file.ts';

describe('the log of a shop in one process', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('has its lines in their order when it is closed', () => {
    const dir = mkdtempSync(join(tmpdir(), 'log-file-'));
    const log = new LogFile(join(dir, 'shop.log'));
    log.write('one\n');
    log.write('two\n');
    log.close();
    expect(readFileSync(log.path, 'utf8')).toBe('one\ntwo\n');
    rmSync(dir, { recursive: true });
  });

  it('loses lines when the disk is full, and reports it once', () => {
    const said = jest.spyOn(console, 'error').mockReturnValue();
    const log = new LogFile('/dev/full');
    log.write('one\n');
    log.flush();
    log.write('two\n');
    log.close();
    expect(said.mock.calls).toEqual([
      [expect.stringMatching(/^\/dev\/full lacks lines from now on: .*ENOSPC/)],
    ]);
  });
});
