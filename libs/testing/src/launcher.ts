import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { until } from './until.ts';

/** One of the commands as its own process, as npm's scripts run it, on a folder of the test's own. */
export class Launcher {
  output = '';
  /** The exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(
    script: string,
    dir: string,
    args: readonly string[],
    env: Record<string, string> = {},
  ) {
    this.child = spawn(process.execPath, [script, ...args, '--dir', dir], {
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
  async ready(): Promise<void> {
    const ended = this.ended.then((code): never => {
      throw new Error(`ended with ${String(code)}:\n${this.output}`);
    });
    await Promise.race([until(() => this.output.includes('is ready:')), ended]);
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
