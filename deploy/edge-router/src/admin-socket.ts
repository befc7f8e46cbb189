import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { RouterError } from './router-error.ts';

/** Longest path of a unix socket that every system takes. */
const PATH_BYTES = 100;
/** HAProxy answers at once: it does nothing else in between. */
const ANSWER_MS = 5000;

/** HAProxy is started again within that, with all that was set. */
const BACK_WITHIN_MS = 15_000;
const PAUSE_MS = 50;

/** What HAProxy says to a command that it has done. All else is a complaint. */
const DONE = /^(?:\d+|New server registered\.|Server deleted\.)?\s*$/;
/** It was started again meanwhile, so it has what the command says. */
const HAS_IT = /^(?:Already exists a server|No such server|Key not found)/;

/** HAProxy's own way to be changed while it runs. */
export class AdminSocket {
  constructor(
    private readonly path: string,
    private readonly pid: () => number | undefined,
  ) {}

  /** The answer to one command, or to several with `;` between them. @throws RouterError where HAProxy does not run */
  ask(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect({ path: this.reachable() });
      const chunks: Buffer[] = [];
      const fail = (error: Error): void => {
        reject(new RouterError(`The router does not answer: ${error.message}.`, { cause: error }));
      };
      socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error('it takes too long')));
      socket.once('connect', () => socket.write(`${command}\n`)); // an end here would end the answer, too
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.once('error', fail);
      socket.once('close', (failed) => {
        if (!failed) resolve(Buffer.concat(chunks).toString());
      });
    });
  }

  /** The same, which waits for a HAProxy that is being started again. */
  async askPatiently(command: string): Promise<string> {
    const deadline = Date.now() + BACK_WITHIN_MS;
    for (;;) {
      try {
        return await this.ask(command);
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await sleep(PAUSE_MS);
      }
    }
  }

  /** Commands that answer nothing when they succeed, in order. @throws RouterError with HAProxy's words otherwise */
  async tell(...commands: readonly string[]): Promise<void> {
    for (const command of commands) {
      const answer = await this.askPatiently(command);
      const complaint = answer.split('\n').find((line) => !DONE.test(line) && !HAS_IT.test(line));
      if (complaint !== undefined)
        throw new RouterError(`HAProxy refuses "${command}": ${complaint.trim()}`);
    }
  }

  /** A folder may have a longer path than a socket; HAProxy runs in it. */
  private reachable(): string {
    if (Buffer.byteLength(this.path) <= PATH_BYTES) return this.path;
    const pid = this.pid();
    return pid === undefined ? this.path : `/proc/${pid}/cwd/${ADMIN_SOCKET}`;
  }
}

/** In the router's folder. */
export const ADMIN_SOCKET = 'admin.sock';
