import { BackOff } from '@sockshop/resilience';
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Say } from './launch.ts';

/** Waits before a restart. One that ran longer than `steadyMs` starts with the first wait again. */
export const RESTART = { firstMs: 250, longestMs: 15_000, steadyMs: 30_000 };
/** A log that has grown so big is put aside at the next start. */
const LOG_BYTES = 10 * 1024 * 1024;

/**
 * A small young generation (MiB) and an old one collected before it has grown far: eight services take 445 MiB of their own after a
 * minute of 20 shoppers, not over 820. A listing asked for without a pause costs a sixth more processor time.
 */
const FLAGS = ['--max-semi-space-size=1', '--optimize-for-size'];
/** Node keeps what it has read from the cache: 5 MiB a service, for 0.1 s at its start. */
const NO_COMPILE_CACHE = { NODE_DISABLE_COMPILE_CACHE: '1' };

interface Supervised {
  readonly name: string;
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** What it prints is appended to this file. */
  readonly log: string;
  /** Told the process id at each start, and undefined at each end. */
  readonly changed: (pid: number | undefined, restarts: number) => void;
  readonly say: Say;
}

/** A Node process that is started again whenever it ends, until it is released. */
export class SupervisedProcess {
  private restarts = 0;
  private readonly backOff = new BackOff(RESTART);
  private released = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly what: Supervised) {}

  start(): void {
    const { name, changed, say } = this.what;
    const startedAt = Date.now();
    const child = this.spawn();
    let over = false;
    const ended = (how: string): void => {
      if (over) return;
      over = true;
      changed(undefined, this.restarts);
      if (this.released) return;
      const waitMs = this.backOff.nextMs(Date.now() - startedAt);
      say(`${name} ${how}; starting it again in ${(waitMs / 1000).toFixed(1)} s`);
      this.timer = setTimeout(() => {
        this.restarts++;
        this.start();
      }, waitMs);
    };
    child.once('error', (error) => {
      ended(`cannot be run (${error.message})`);
    });
    child.once('exit', (code, signal) => {
      ended(`ended with ${signal ?? `code ${code ?? ''}`}`);
    });
    changed(child.pid, this.restarts);
  }

  /** From now on its end is its end. */
  release(): void {
    this.released = true;
    clearTimeout(this.timer);
  }

  /** In a group of its own, so that a Ctrl-C reaches the launcher alone, which then ends all in order. */
  private spawn(): ChildProcess {
    const { script, env, log } = this.what;
    const output = openLog(log);
    try {
      return spawn(process.execPath, [...FLAGS, script], {
        env: { ...process.env, ...NO_COMPILE_CACHE, ...env },
        stdio: ['ignore', output, output],
        detached: true,
      });
    } finally {
      closeSync(output);
    }
  }
}

function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes > LOG_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, 'a');
}
