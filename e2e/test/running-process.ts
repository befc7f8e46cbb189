import { type ChildProcess, spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A Node process of the workspace, its output kept. */
export class RunningProcess {
  output = '';
  /** The exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;
  private readonly listeners = new Set<() => void>();

  /** `script` is a path in the workspace, such as `services/orders/dist/main.js`. */
  constructor(script: string, args: readonly string[] = [], env: Record<string, string> = {}) {
    this.child = spawn(process.execPath, [...NODE_FLAGS, join(ROOT, script), ...args], {
      cwd: ROOT,
      env: { ...process.env, NODE_OPTIONS: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (chunk: Buffer): void => {
      this.output += chunk.toString();
      for (const listener of this.listeners) listener();
    };
    this.child.stdout?.on('data', keep);
    this.child.stderr?.on('data', keep);
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', resolve);
    });
    const endWithUs = (): void => {
      this.child.kill('SIGKILL');
    };
    process.once('exit', endWithUs);
    void this.ended.finally(() => process.off('exit', endWithUs));
  }

  /** Waits for a text in the output. @throws Error when the process ends without it, or has not said it after a while. */
  async said(pattern: RegExp, withinMs = 30_000): Promise<RegExpExecArray> {
    const heard = new Promise<RegExpExecArray>((resolve) => {
      const listen = (): void => {
        const match = pattern.exec(this.output);
        if (!match) return;
        this.listeners.delete(listen);
        resolve(match);
      };
      this.listeners.add(listen);
      listen();
    });
    const silent = (how: string): Error =>
      new Error(`${how} before it said ${String(pattern)}:\n${this.output}`);
    const ended = this.ended.then((code): never => {
      throw silent(`ended with ${String(code)}`);
    });
    const limit = new AbortController();
    const late = pause(withinMs, undefined, { signal: limit.signal }).then((): never => {
      this.child.kill('SIGKILL');
      throw silent(`killed after ${withinMs} ms`);
    });
    try {
      return await Promise.race([heard, ended, late]);
    } finally {
      limit.abort();
    }
  }

  /** SIGSTOP: it hangs, while the system still accepts connections for it; SIGCONT: it goes on. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Answers the exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** As every way of running the shop has it: a small young generation keeps the process small. */
const NODE_FLAGS = ['--max-semi-space-size=2'];
