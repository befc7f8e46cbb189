import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '@sockshop/testing';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { CpuUse, saturated, type Use } from '../src/cpu-use.ts';

const use = (machine: number, ...processes: [name: string, share: number][]): Use => ({
  processes: processes.map(([name, share]) => ({ name, share })),
  machine,
  processors: 4,
});

describe('what was saturated', () => {
  it.each<[Use | undefined, string]>([
    [use(0.6, ['orders', 0.97], ['user', 0.4]), 'orders (97 % of a processor)'],
    [
      use(0.6, ['orders', 0.97], ['user', 0.9]),
      'orders (97 % of a processor), user (90 % of a processor)',
    ],
    [use(0.97, ['orders', 0.5]), 'all 4 processors of this machine (97 %), most of all orders'],
    [use(0.3, ['orders', 0.2]), 'unknown: no process was busy all the time; most of all orders'],
    [undefined, 'unknown: no state.json'],
  ])('is named: %j', (found, expected) => {
    expect(saturated(found).slice(0, expected.length)).toBe(expected);
  });
});

/** Works until its input ends. */
const busy = `process.stdin.on('end', process.exit).resume(); setInterval(() => { for (const end = Date.now() + 50; Date.now() < end; ); })`;

describe('CPU time', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });
  const start = (code: string) => {
    const child = spawn(process.execPath, ['-e', code], { stdio: 'ignore' });
    children.push(child);
    return child.pid!;
  };

  it('is that of a process and of those that it started, whichever works', async () => {
    // A shell that starts a program and waits: what works is its child, which ends with its input.
    const shell = spawn('sh', ['-c', `"${process.execPath}" -e "${busy}"; true`]);
    children.push(shell);
    const roots = new Map([
      [shell.pid!, 'parent'],
      [start('setInterval(() => {}, 1e6)'), 'idle'],
    ]);
    const cpu = CpuUse.start(roots)!;
    const shares = () => new Map(cpu.use().processes.map(({ name, share }) => [name, share]));
    await until(shares, (found) => found.get('parent')! > 2 * found.get('idle')!);
    const { processes, machine } = cpu.use();
    expect(processes.map(({ name }) => name)).toEqual(['parent', 'idle']);
    expect(machine).toBeGreaterThan(0);
    shell.stdin.end();
    await once(shell, 'exit');
  });

  it('is unknown without processes', () => {
    expect(CpuUse.start(new Map())).toBeUndefined();
  });
});
