import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join, parse } from 'node:path';

/** Starts a program of this folder as a process of its own, which ends with this one: it sees its channel close. */
export function startProgram(name: string): ChildProcess {
  const { ext } = parse(import.meta.filename); // compiled, or as it is in a test
  return fork(join(import.meta.dirname, name + ext), [], {
    detached: true, // a Ctrl-C reaches this process alone
    env: { ...process.env, NODE_OPTIONS: '' },
    serialization: 'advanced', // JSON has no Infinity
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/** The next message of the program. @throws Error when it ends before. */
export async function nextMessage<T>(program: ChildProcess): Promise<T> {
  const over = new AbortController();
  const ended = once(program, 'exit', { signal: over.signal }).then((): never => {
    throw new Error('a measuring process ended before its end');
  });
  try {
    const [message] = (await Promise.race([
      once(program, 'message', { signal: over.signal }),
      ended,
    ])) as [T]; // both ends are ours
    return message;
  } finally {
    over.abort();
    ended.catch(() => undefined);
  }
}

export async function endProgram(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  program.kill('SIGKILL'); // it keeps nothing
  await once(program, 'exit');
}
