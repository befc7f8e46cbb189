import { lastLines, type Part, type ProcessId, readState, runs } from '@sockshop/supervisor';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LAUNCHER_FILE } from './own-folder.ts';

/** A distributed shop as a person starts it: the launcher as a process of its own. */
export class RunningShop {
  private readonly launcher: ChildProcess;
  private readonly output: string;

  constructor(
    main: string,
    private readonly dir: string, // must be there
  ) {
    this.output = join(dir, LAUNCHER_FILE);
    const output = openSync(this.output, 'a');
    const ports = ['--port', '0', '--zipkin-port', '0'];
    this.launcher = spawn(process.execPath, [main, 'start:distributed', ...ports, '--dir', dir], {
      stdio: ['ignore', output, output],
      detached: true, // a Ctrl-C reaches us alone
    });
    closeSync(output);
  }

  /** @throws Error with the launcher's last words when it ends before. */
  async ready(): Promise<void> {
    while (!this.says().includes('is ready:')) {
      if (this.launcher.exitCode !== null || this.launcher.signalCode !== null)
        throw new Error(`the shop did not start: ${lastLines(this.says())}`);
      await sleep(50);
    }
  }

  get url(): string {
    return this.state.url;
  }

  part(name: string): Part {
    const part = this.state.parts.find((each) => each.name === name);
    if (!part?.process) throw new Error(`${name} is not a process of this shop`);
    return part;
  }

  /** Of every process that runs now. */
  processes(): Map<string, ProcessId> {
    return new Map(
      this.state.parts.flatMap(({ name, process }) => (runs(process) ? [[name, process]] : [])),
    );
  }

  async stop(): Promise<void> {
    if (this.launcher.exitCode !== null || this.launcher.signalCode !== null) return;
    this.launcher.kill('SIGTERM');
    await once(this.launcher, 'exit');
  }

  private get state() {
    const state = readState(this.dir);
    if (!state) throw new Error(`the shop's launcher is gone: ${lastLines(this.says())}`);
    return state;
  }

  private says(): string {
    return readFileSync(this.output, 'utf8');
  }
}
