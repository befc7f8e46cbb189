import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

/** A Node process whose output is kept. It ends with the test's process. */
export class RunningProcess {
  output = '';
  /** The exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;
  private readonly listeners = new Set<() => void>();

  /** `args` as for `node`; `env` is added to the test's environment without its NODE_OPTIONS. */
  constructor(
    args: readonly string[],
    { cwd, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
  ) {
    this.child = spawn(process.execPath, args, {
      cwd,
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

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Waits for a text in the output. @throws Error with the output when the process ends first or does not print it in time. */
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

  /** After SIGSTOP it hangs, while the system still accepts connections for it; after SIGCONT it continues. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Returns the exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }
}
