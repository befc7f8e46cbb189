import type { ChildProcess } from 'node:child_process';
import { endProgram, nextMessage, startProgram } from './child-program.ts';

/** A bare `node:http` server with 3 KB of JSON, in a process of its own: what a request costs on this machine at this moment. */
export class ReferenceServer {
  private constructor(
    private readonly program: ChildProcess,
    readonly url: string,
  ) {}

  static async start(): Promise<ReferenceServer> {
    const program = startProgram('reference-program');
    const port = await nextMessage<number>(program);
    return new ReferenceServer(program, `http://127.0.0.1:${port}`);
  }

  /** As a shop's: its one process by name. */
  processes(): Map<string, number> {
    return new Map([['reference', this.program.pid ?? 0]]);
  }

  stop(): Promise<void> {
    return endProgram(this.program);
  }
}
