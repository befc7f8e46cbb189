import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { State } from '../src/state.ts';

const DIST = join(import.meta.dirname, '../dist');

/** One of the commands as its own process, as npm's scripts run it, on a folder of the test's own. */
export class Launcher {
  output = '';
  /** The exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(
    private readonly dir: string,
    args: readonly string[],
    env: Record<string, string> = {},
    script = 'main.js',
  ) {
    this.child = spawn(process.execPath, [join(DIST, script), ...args, '--dir', dir], {
      env: { ...process.env, NODE_OPTIONS: '', ...OWN_SERVERS, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (chunk: Buffer): void => {
      this.output += chunk.toString();
    };
    this.child.stdout?.on('data', keep);
    this.child.stderr?.on('data', keep);
    this.ended = once(this.child, 'close').then(([code]) => code as number | null); // of 'close'
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** @throws Error with all it said when it ends before it is ready. */
  async ready(): Promise<State> {
    const ended = this.ended.then((code): never => {
      throw new Error(`ended with ${String(code)}:\n${this.output}`);
    });
    const said = until('ready', () => Promise.resolve(this.output.includes('is ready:')));
    await Promise.race([said, ended]);
    return JSON.parse(readFileSync(join(this.dir, 'state.json'), 'utf8')) as State; // the launcher's
  }
}

/** Those that a person may have named are not the test's. */
export const OWN_SERVERS = {
  MYSQL_URL: '',
  MONGO_URL: '',
  RABBITMQ_URL: '',
  ZIPKIN_URL: '',
  ZIPKIN: '',
};

/** Waits for a fact that becomes true by itself. */
export async function until(what: string, fact: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await fact())) {
    if (Date.now() > deadline) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
