import type { ChildProcess } from 'node:child_process';
import { endProgram, nextMessage, startProgram } from './child-program.ts';
import type { Load, LoadResult } from './load.ts';

/** Sends requests from a process of its own, so that its CPU time is no part of what is measured. One load at a time. */
export class Driver {
  private readonly program: ChildProcess = startProgram('driver-program');

  /** @throws Error when the process ends */
  async run(load: Load): Promise<LoadResult> {
    if (!this.program.connected) throw new Error('the process that sends requests has ended');
    const result = nextMessage<LoadResult>(this.program);
    this.program.send(load);
    return result;
  }

  stop(): Promise<void> {
    return endProgram(this.program);
  }
}
