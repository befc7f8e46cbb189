import { lastLines } from '@sockshop/supervisor';
import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Where servers lie that a person's PATH often leaves out. */
const systemDirs = ['/usr/local/sbin', '/usr/sbin', '/usr/local/go/bin'];

/** The first of the programs that can be run, from `dirs`, the PATH and the usual system folders. */
export async function findProgram(
  names: string[],
  dirs: string[] = [],
): Promise<string | undefined> {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  for (const name of names) {
    for (const dir of [...dirs, ...path, ...systemDirs]) {
      const candidate = join(dir, name);
      const runnable = await access(candidate, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (runnable) return candidate;
    }
  }
  return undefined;
}

export class CommandFailedError extends Error {
  constructor(command: string, how: string, output: string) {
    super(`${command} ${how}${output ? `: ${lastLines(output)}` : ''}`);
    this.name = 'CommandFailedError';
  }
}

/** Runs a command to its end and returns all it wrote; any end but exit code 0 is a {@link CommandFailedError}. */
export function run(
  command: string,
  args: string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk: Buffer) => (output += chunk.toString());
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => {
      reject(new CommandFailedError(command, `cannot be run (${error.message})`, ''));
    });
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output);
      else
        reject(
          new CommandFailedError(command, `ended with ${signal ?? `code ${code ?? ''}`}`, output),
        );
    });
  });
}
