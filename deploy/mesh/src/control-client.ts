import { CommandError } from '@sockshop/cli';
import { existsSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { socketPath } from './control-socket.ts';
import type { CommandName, RequestBody } from './requests.ts';
import type { MeshView } from './view.ts';

interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly accept: string;
  readonly body?: object;
}

/** A line of an answer. */
interface Line {
  readonly says?: string;
  readonly problem?: { readonly detail: string };
  /** Of a command that was refused at once. */
  readonly detail?: string;
}

/** The state of the shop that runs in the folder. @throws CommandError where none does */
export async function state(dir: string): Promise<MeshView> {
  const lines = await ask(dir, { method: 'GET', path: '/mesh', accept: 'application/json' });
  for await (const line of lines) return JSON.parse(line) as MeshView; // of our own server
  throw new CommandError('The launcher gave no answer.');
}

/** Gives the command and prints what is done. @throws CommandError with the reason of a refusal */
export async function post<C extends CommandName>(
  dir: string,
  command: C,
  body: RequestBody<C>,
): Promise<void> {
  const accept = 'application/x-ndjson';
  const call = { method: 'POST', path: `/mesh/${command}`, accept, body } as const;
  process.once('SIGINT', () => {
    const { service } = body;
    const end = command === 'canary' ? `; to end it: npm run mesh -- rollback ${service}` : '';
    console.error(`The shop goes on with ${command} of ${service}: npm run mesh -- status${end}`);
    process.exit(130);
  });
  for await (const text of await ask(dir, call)) {
    const { says, problem, detail } = JSON.parse(text) as Line;
    const refused = problem?.detail ?? detail;
    if (refused !== undefined) throw new CommandError(refused);
    if (says !== undefined) console.log(says);
  }
}

function ask(dir: string, { method, path, accept, body }: Call): Promise<AsyncIterable<string>> {
  return new Promise((resolve, reject) => {
    if (!existsSync(dir)) {
      reject(notRunning(dir));
      return;
    }
    const asked = request({ socketPath: socketPath(dir), method, path, headers: { accept } });
    asked.once('error', (error: NodeJS.ErrnoException) => {
      const gone = ['ENOENT', 'ECONNREFUSED'].includes(error.code ?? '');
      reject(
        gone
          ? notRunning(dir)
          : new CommandError(`The launcher does not answer: ${error.message}`, { cause: error }),
      );
    });
    asked.once('response', (response) => {
      resolve(linesOf(response));
    });
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function* linesOf(response: IncomingMessage): AsyncIterable<string> {
  let rest = '';
  for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function notRunning(dir: string): CommandError {
  return new CommandError(
    `No distributed shop runs from ${dir}. Start one: npm run start:distributed`,
  );
}
