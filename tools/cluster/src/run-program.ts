import { lastLines } from '@sockshop/supervisor';
import { spawn } from 'node:child_process';

/** A program ended with something else than 0; the message has the end of what it said. */
export class ProgramFailedError extends Error {
  override readonly name = 'ProgramFailedError';
}

interface RunOptions {
  /** What it reads from its standard input. */
  readonly input?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program to its end and returns what it wrote to its standard output. @throws ProgramFailedError */
export function runProgram(
  program: string,
  args: readonly string[],
  { input, cwd, env }: RunOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env } });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.stdin.on('error', () => undefined); // it ended without reading all: its exit code says why
    child.stdin.end(input);
    child.once('error', (error) => {
      reject(new ProgramFailedError(`${program} cannot be run (${error.message})`));
    });
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output);
      else {
        const how = `${program} ${args.join(' ')} ended with ${signal ?? `code ${code ?? ''}`}`;
        reject(new ProgramFailedError(`${how}: ${lastLines(errors || output)}`));
      }
    });
  });
}

/** Whether it ends with 0. */
export async function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  return runProgram(program, args).then(
    () => true,
    () => false,
  );
}
