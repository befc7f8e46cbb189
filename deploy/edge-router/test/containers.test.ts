import { describe, expect, it } from '@jest/globals';
import { haproxy } from '@sockshop/testing/real-servers';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { containerFiles } from '../src/containers.ts';

const FOLDER = join(import.meta.dirname, '../containers');

describe('the files for containers', () => {
  it('are as `npm run containers` in this folder writes them', () => {
    const found = readdirSync(FOLDER).map((file) => [
      file,
      readFileSync(join(FOLDER, file), 'utf8'),
    ]);
    expect(new Map(found as [string, string][])).toEqual(new Map(containerFiles()));
  });
});

haproxy.suite('the files for containers', () => {
  it('are understood by HAProxy', () => {
    const env = { FRONT_END_PORT: '8079', ORDERS_PORT: '8848', SHIPPING_PORT: '8080' };
    const words = ['-c', '-C', FOLDER, '-f', 'haproxy.cfg'];
    const { status, stdout, stderr } = spawnSync(haproxy.url, words, { env, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, expect.not.stringMatching(/ALERT|WARNING/)]);
    expect(stdout).toContain('Configuration file is valid');
  });
});
