import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { launchOf } from '../../../deploy/commands.mjs';

/** The load generator as a process of its own, as `npm run load` runs it. It ends with this process. */
export class Shoppers {
  private readonly process: ChildProcess;

  constructor(url: string, shoppers: number) {
    const command = launchOf('load', ['--url', url, '--shoppers', String(shoppers)]);
    this.process = spawn(command.program, command.parameters, {
      stdio: ['ignore', 'ignore', 'inherit'],
      detached: true, // a Ctrl-C reaches this process alone, which then lets them finish
      env: { ...command.env, NODE_OPTIONS: '' },
    });
    const endWithUs = (): void => {
      this.process.kill('SIGTERM');
    };
    process.once('exit', endWithUs);
    this.process.once('exit', () => process.off('exit', endWithUs));
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  get shopping(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Lets them wait for their last answers. */
  async stop(): Promise<void> {
    if (!this.shopping) return;
    this.process.kill('SIGINT');
    await once(this.process, 'exit');
  }
}
