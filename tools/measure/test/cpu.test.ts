import { afterEach, describe, expect, it } from '@jest/globals';
import { RunningProcess } from '@sockshop/testing';
import { cpuOf } from '../src/cpu.ts';

/** A text that a program runs: burns CPU time until its own process has used so many ms, then prints what it has used. */
const burn = (ms: number): string =>
  `const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
   while (used() < ${ms});`;
const report = `console.log('used', used()); setInterval(() => {}, 1000);`;
/** The same of a child, which ends with its parent. */
const reportToParent = `console.log('used', used()); process.stdin.resume().on('end', () => process.exit());`;

/** Ticks are 10 ms, of user and of system time; the rest is what the program still does after its report. */
const LESS_MS = 25;
const MORE_MS = 150;

const programs: RunningProcess[] = [];
afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.stop('SIGKILL')));
});

/** Runs the program until its report, and returns its process and what it reported. */
async function used(text: string): Promise<{ pid: number; ms: number }> {
  const program = new RunningProcess(['-e', `console.log('pid', process.pid); ${text}`]);
  programs.push(program);
  const [, ms] = await program.said(/used ([\d.]+)/);
  return { pid: Number(/pid (\d+)/.exec(program.output)![1]), ms: Number(ms) };
}

function expectNear(measured: number | undefined, ms: number): void {
  expect(measured).toBeGreaterThan(ms - LESS_MS);
  expect(measured).toBeLessThan(ms + MORE_MS);
}

describe('CPU time', () => {
  it('of a process is what the process itself counts', async () => {
    const { pid, ms } = await used(burn(400) + report);
    expectNear(cpuOf(new Map([['burner', pid]])).get('burner'), ms);
  });

  it('counts a child that still runs', async () => {
    const child = `const { spawn } = require('node:child_process');
      spawn(process.execPath, ['-e', ${JSON.stringify(burn(400) + reportToParent)}], { stdio: ['pipe', 'inherit', 'inherit'] });`;
    const { pid, ms } = await used(child);
    const parent = cpuOf(new Map([['parent', pid]])).get('parent')!;
    expect(parent).toBeGreaterThan(ms - LESS_MS);
  });

  it('counts a child that has ended, and a thread that has ended', async () => {
    const gone = `const { spawnSync } = require('node:child_process'); const { Worker } = require('node:worker_threads');
      spawnSync(process.execPath, ['-e', ${JSON.stringify(burn(300))}]);
      const before = process.cpuUsage();
      new Worker(${JSON.stringify(`const end = performance.now() + 300; while (performance.now() < end);`)}, { eval: true })
        .once('exit', () => { const { user, system } = process.cpuUsage(); console.log('used', (user + system) / 1000 + 300); });
      setInterval(() => {}, 1000);`;
    const { pid, ms } = await used(gone);
    const all = cpuOf(new Map([['parent', pid]])).get('parent')!;
    expect(all).toBeGreaterThan(ms - LESS_MS);
  });

  it('of a named child is not its parent’s', async () => {
    const child = `const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', ${JSON.stringify(burn(600) + reportToParent)}], { stdio: ['pipe', 'inherit', 'inherit'] });
      console.log('child', child.pid);`;
    const { pid, ms } = await used(child);
    const childPid = Number(/child (\d+)/.exec(programs.at(-1)!.output)![1]);
    const both = cpuOf(
      new Map([
        ['parent', pid],
        ['child', childPid],
      ]),
    );
    expectNear(both.get('child'), ms);
    expect(both.get('parent')).toBeLessThan(ms);
  });

  it('of a process that is not there is 0', () => {
    expect(cpuOf(new Map([['none', 4_194_305]])).get('none')).toBe(0);
  });
});
