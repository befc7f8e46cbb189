import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endProcess, signalGroup } from './end-processes.ts';
import type { ProcessId } from './processes.ts';
import { spawnLogged } from './spawn-logged.ts';

export interface Launch {
  /** Also names the log file: `<dir>/<name>.log`. */
  name: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
  /** The working directory. */
  dir: string;
  /** A real question to the server; false or a failure means not yet. */
  ready: () => Promise<boolean>;
  readyWithinMs?: number;
  /** How long the server may take to end by itself before it is killed. */
  graceMs?: number;
  spawned?: OnSpawn | undefined;
}

/** Gets a process as soon as it exists, ready or not, so that it can be ended whatever happens next. */
export type OnSpawn = (name: string, process: ProcessId) => void;

export interface ServerProcess {
  pid: number;
  /** How it ended, once it has: `ended with SIGKILL`. */
  ended: Promise<string>;
  stop: () => Promise<void>;
}

export class ServerStartError extends Error {
  constructor(name: string, how: string, log: string, output: string) {
    super(`${name} ${how}; its log ${log} ends with: ${lastLines(output) || 'nothing'}`);
    this.name = 'ServerStartError';
  }
}

/** Starts a server in the background and returns it once it is ready. @throws ServerStartError */
export async function launch(server: Launch): Promise<ServerProcess> {
  const { name, command, args, env, dir, ready } = server;
  const { readyWithinMs = 120_000, graceMs = 15_000 } = server;
  const log = join(dir, `${name}.log`);
  const { process: id, ended } = spawnLogged({ command, args, env, cwd: dir, log });
  if (id) server.spawned?.(name, id);
  stopWithUs(id, ended);
  const stop = async (): Promise<void> => {
    await endProcess(id, graceMs);
    await ended;
  };

  const giveUp = new AbortController();
  const became = await Promise.race([ended, whenReady(ready, readyWithinMs, giveUp.signal)]);
  giveUp.abort();
  if (became === 'ready' && id) return { pid: id.pid, ended, stop };
  await stop();
  throw new ServerStartError(name, became, log, await readFile(log, 'utf8'));
}

async function whenReady(
  ready: () => Promise<boolean>,
  withinMs: number,
  giveUp: AbortSignal,
): Promise<string> {
  const deadline = Date.now() + withinMs;
  while (!giveUp.aborted && Date.now() < deadline) {
    if (await ready().catch(() => false)) return 'ready';
    await sleep(50);
  }
  return `was not ready within ${withinMs / 1000} s`;
}

const running = new Set<ProcessId>();

/** Our own end, by any way but SIGKILL, ends the servers too; they get SIGTERM and finish without us. */
function stopWithUs(id: ProcessId | undefined, ended: Promise<unknown>): void {
  if (!id) return;
  listenOnce();
  running.add(id);
  void ended.then(() => running.delete(id));
}

let listening = false;
function listenOnce(): void {
  if (listening) return;
  listening = true;
  process.on('exit', () => {
    for (const id of running) signalGroup(id, 'SIGTERM');
  });
  for (const [signal, number] of [
    ['SIGHUP', 1],
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ] as const) {
    // First in the row, to count a `once` listener before it is gone.
    process.prependListener(signal, () => {
      // Node does not end by itself once a signal has a listener. Where there is another listener, it decides.
      if (process.listenerCount(signal) === 1) process.exit(128 + number);
    });
  }
}

/** The end of a program's output on one line: enough to see what went wrong. */
export function lastLines(output: string): string {
  return output
    .trim()
    .split(/\s*\n\s*/)
    .slice(-5)
    .join(' | ');
}
