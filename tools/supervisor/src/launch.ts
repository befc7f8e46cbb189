import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Tells a person what is being done: one line, without line end. */
export type Say = (line: string) => void;

/** Told of a process as soon as it is there, ready or not: whoever starts it can end it whatever happens next. */
export type Spawned = (name: string, pid: number) => void;

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
  spawned?: Spawned | undefined;
}

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

/** Starts a server in the background and answers once it is ready. Throws {@link ServerStartError}. */
export async function launch(server: Launch): Promise<ServerProcess> {
  const { name, command, args, dir, ready, readyWithinMs = 120_000, graceMs = 15_000 } = server;
  await mkdir(dir, { recursive: true });
  const log = join(dir, `${name}.log`);
  const output = openSync(log, 'a');
  // A process group of its own: ctrl-c in the terminal reaches us alone, and a signal of ours its helpers too.
  const child = spawn(command, args, {
    cwd: dir,
    env: { ...process.env, ...server.env },
    stdio: ['ignore', output, output],
    detached: true,
  });
  closeSync(output);
  if (child.pid !== undefined) server.spawned?.(name, child.pid);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(`cannot be run (${error.message})`);
    });
    child.once('exit', (code, signal) => {
      resolve(`ended with ${signal ?? `code ${code ?? ''}`}`);
    });
  });
  stopWithUs(child, ended);
  const stop = () => end(child, ended, graceMs);

  const giveUp = new AbortController();
  const became = await Promise.race([ended, whenReady(ready, readyWithinMs, giveUp.signal)]);
  giveUp.abort();
  if (became === 'ready' && child.pid !== undefined) return { pid: child.pid, ended, stop };
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

async function end(child: ChildProcess, ended: Promise<unknown>, graceMs: number): Promise<void> {
  signalGroup(child, 'SIGTERM');
  const grace = new AbortController();
  const killed = sleep(graceMs, undefined, { signal: grace.signal }).then(
    () => {
      signalGroup(child, 'SIGKILL');
    },
    () => undefined, // it ended by itself
  );
  await ended;
  grace.abort();
  await killed;
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group ended between the check and the signal.
  }
}

const running = new Set<ChildProcess>();

/** Our own end, by any door but SIGKILL, ends the servers too; they get SIGTERM and finish without us. */
function stopWithUs(child: ChildProcess, ended: Promise<unknown>): void {
  listenOnce();
  running.add(child);
  void ended.then(() => running.delete(child));
}

let listening = false;
function listenOnce(): void {
  if (listening) return;
  listening = true;
  process.on('exit', () => {
    for (const child of running) signalGroup(child, 'SIGTERM');
  });
  for (const [signal, number] of [
    ['SIGHUP', 1],
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ] as const) {
    // First in the row, to count a `once` listener before it is gone.
    process.prependListener(signal, () => {
      // Node does not end by itself once a signal has a listener. Where somebody else listens, it is theirs to end.
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
