import { afterEach, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { endProcesses } from '../src/end-processes.ts';
import { processOf } from '../src/processes.ts';
import type { Part } from '../src/state.ts';

describe('endProcesses', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  /** A running part of the shop, which leads its own process group. */
  const start = async (
    name: string,
    kind: Part['kind'],
    ended: string[],
    exits: Promise<unknown>[],
  ): Promise<Part> => {
    const child = spawn(process.execPath, ['-e', 'console.log(); setInterval(() => {}, 1000)'], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    exits.push(once(child, 'exit').then(() => ended.push(name)));
    await once(child.stdout, 'data');
    return { name, kind, process: processOf(child.pid!) };
  };

  it('ends callers before those they call, then other services, servers and helpers', async () => {
    const ended: string[] = [];
    const exits: Promise<unknown>[] = [];
    const parts = await Promise.all([
      start('epmd', 'helper', ended, exits),
      start('rabbitmq', 'server', ended, exits),
      start('carts', 'service', ended, exits),
      start('orders', 'service', ended, exits),
      start('front-end', 'service', ended, exits),
    ]);
    expect(await endProcesses(parts, [['front-end'], ['orders']])).toBe(5);
    await Promise.all(exits); // the system reports the end of a process a little after it
    expect(ended).toEqual(['front-end', 'orders', 'carts', 'rabbitmq', 'epmd']);
    expect(await endProcesses(parts)).toBe(0);
  });
});
