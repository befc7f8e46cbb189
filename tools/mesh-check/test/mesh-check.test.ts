import { findProgram } from '@sockshop/servers';
import { RunningProcess } from '@sockshop/testing';
import { describe, expect, it, jest } from '@jest/globals';
import { join } from 'node:path';

jest.setTimeout(600_000);

const found = await Promise.all(
  [['mariadbd'], ['rabbitmq-server'], ['java'], ['mongod', 'go'], ['haproxy']].map((names) =>
    findProgram(names),
  ),
);
const withServers = found.every(Boolean) ? describe : describe.skip;
const MAIN = join(import.meta.dirname, '../dist/main.js');

withServers('npm run mesh:check', () => {
  it('finds every figure as it must be, in its short form', async () => {
    const check = new RunningProcess([MAIN, '--quick']);
    expect([await check.ended, check.output]).toEqual([
      0,
      expect.stringMatching(/All figures are as they must be\.\n$/),
    ]);
    expect(check.output).toMatch(/failed requests during all of it +0 of \d+\n/);
    expect(check.output).toMatch(/failed requests of 20 shoppers +0 of \d+\n/);
  });
});

describe('npm run mesh:check with wrong use', () => {
  it('names the parts', async () => {
    const check = new RunningProcess([MAIN, '--only', 'canary,socks']);
    expect(await check.ended).toBe(2);
    expect(check.output).toMatch(/Give parts of canary, auto, ab, limit, outlier, rolling,/);
  });
});
