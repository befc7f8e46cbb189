import { spawn } from 'node:child_process';
import { closeSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { makePrivateFolder } from './private-files.ts';
import { type ProcessId, processOf } from './processes.ts';

/** A log that has grown so big is put aside at the next start. */
const LOG_BYTES = 10 * 1024 * 1024;

interface Spawn {
  readonly command: string;
  readonly args: readonly string[];
  /** Beside the variables of this process. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string;
  /** What it prints is appended to this file. */
  readonly log: string;
}

export interface Spawned {
  /** Undefined where the program cannot be run. */
  readonly process: ProcessId | undefined;
  /** How it ended, once it has: `ended with SIGKILL`. */
  readonly ended: Promise<string>;
}

/**
 * Starts a process in a group of its own: a Ctrl-C in the terminal reaches this process alone, which then ends all in order, and a signal to
 * the group reaches what the process has started.
 */
export function spawnLogged({ command, args, env, cwd, log }: Spawn): Spawned {
  const output = openLog(log);
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', output, output],
    detached: true,
  });
  closeSync(output);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(`cannot be run (${error.message})`);
    });
    child.once('exit', (code, signal) => {
      endGroup(child.pid);
      resolve(`ended with ${signal ?? `code ${code ?? ''}`}`);
    });
  });
  return { process: child.pid === undefined ? undefined : processOf(child.pid), ended };
}

/** What a script that was killed has started must not outlive it: nothing would know of it. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has left nothing.
  }
}

function openLog(path: string): number {
  makePrivateFolder(dirname(path));
  const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes > LOG_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}
