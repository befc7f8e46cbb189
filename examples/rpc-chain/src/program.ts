import { CommandError } from '@sockshop/cli';
import { type ChildProcess, fork, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { join, parse } from 'node:path';

/** One of the services, in a process of its own. */
export class Program {
  private constructor(private readonly child: ChildProcess) {}

  static async start(service: string, env: NodeJS.ProcessEnv): Promise<Program> {
    const { dir, ext } = parse(import.meta.filename);
    const stdio: StdioOptions = ['ignore', 'pipe', 'inherit', 'ipc'];
    const child = fork(join(dir, `${service}${ext}`), [], { env, stdio });
    child.stdout?.pipe(process.stdout, { end: false });
    const over = new AbortController();
    const ended = once(child, 'exit', { signal: over.signal }).then((): never => {
      throw new CommandError(`${service} has ended`);
    });
    try {
      await Promise.race([once(child, 'message', { signal: over.signal }), ended]);
    } finally {
      over.abort();
      ended.catch(() => undefined);
    }
    return new Program(child);
  }

  /** Its log is no longer shown. */
  silence(): void {
    this.child.stdout?.unpipe();
    this.child.stdout?.resume();
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }
}
