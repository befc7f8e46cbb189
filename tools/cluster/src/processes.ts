import {
  ends,
  makePrivateFolder,
  type ProcessId,
  processOf,
  runs,
  shellWord,
} from '@sockshop/supervisor';
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The processes of a cluster. They run on when this process ends; the files of their ids let a later one end them. */
export class Processes {
  /** @param enter what stands before each command, such as the program that enters a network namespace */
  constructor(
    private readonly dir: string,
    private readonly enter: readonly string[] = [],
  ) {}

  /** Starts a process, unless it runs. */
  start(name: string, program: string, args: readonly string[]): void {
    if (runs(this.idOf(name))) return;
    makePrivateFolder(this.dir);
    const [command = program, ...words] = [...this.enter, program, ...args];
    const log = openSync(this.logOf(name), 'a', 0o600);
    // What containerd unpacks is for the users of containers, too; the cluster's folder is for its owner alone.
    const before = process.umask(0o022);
    const child = spawn(command, words, { stdio: ['ignore', log, log], detached: true });
    process.umask(before);
    closeSync(log);
    child.once('error', () => undefined); // the caller waits for what it does, and says that it does not come
    child.unref();
    if (child.pid === undefined) throw new Error(`${shellWord(program)} cannot be run`);
    writeFileSync(this.fileOf(name), JSON.stringify(processOf(child.pid) ?? null));
  }

  runs(name: string): boolean {
    return runs(this.idOf(name));
  }

  /** Ends it, by force where it does not end in time. */
  async stop(name: string, graceMs = 10_000): Promise<void> {
    const id = this.idOf(name);
    if (runs(id)) {
      process.kill(id.pid, 'SIGTERM');
      if (!(await ends(id, graceMs))) {
        process.kill(id.pid, 'SIGKILL');
        await ends(id, 5000);
      }
    }
    rmSync(this.fileOf(name), { force: true });
  }

  logOf(name: string): string {
    return join(this.dir, `${name}.log`);
  }

  private idOf(name: string): ProcessId | undefined {
    try {
      return JSON.parse(readFileSync(this.fileOf(name), 'utf8')) as ProcessId; // we wrote it
    } catch {
      return undefined; // it was never started
    }
  }

  private fileOf(name: string): string {
    return join(this.dir, `${name}.json`);
  }
}
