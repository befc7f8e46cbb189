import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProcesses } from '../src/end-processes.ts';
import { processOf } from '../src/processes.ts';
import type { Part } from '../src/state.ts';

/**
 * Writes its own end down before it ends. The parent's `exit` events would not do: those of two processes that ended shortly after
 * each other may arrive in either order.
 */
const PROGRAM = `
process.on('SIGTERM', () => {
  require('node:fs').appendFileSync(process.argv[1], process.argv[2] + '\\n');
  process.exit();
});
setInterval(() => {}, 1000);
console.log();
`;

describe('endProcesses', () => {
  let dir = '';
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'end-processes-'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await rm(dir, { recursive: true });
  });

  /** A running part of the shop, which leads its own process group. */
  const start = async (name: string, kind: Part['kind']): Promise<Part> => {
    const child = spawn(process.execPath, ['-e', PROGRAM, join(dir, 'ended'), name], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    await once(child.stdout, 'data');
    return { name, kind, process: processOf(child.pid!) };
  };

  it('ends callers before those they call, then other services, servers and helpers', async () => {
    const parts = await Promise.all([
      start('epmd', 'helper'),
      start('rabbitmq', 'server'),
      start('carts', 'service'),
      start('orders', 'service'),
      start('front-end', 'service'),
    ]);
    expect(await endProcesses(parts, [['front-end'], ['orders']])).toBe(5);
    const ended = (await readFile(join(dir, 'ended'), 'utf8')).trim().split('\n');
    expect(ended).toEqual(['front-end', 'orders', 'carts', 'rabbitmq', 'epmd']);
    expect(await endProcesses(parts)).toBe(0);
  });
});
