import { CommandError } from '@sockshop/cli';
import { lastLines } from '@sockshop/supervisor';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ROOT } from '@sockshop/measure';

const execute = promisify(execFile);

/** Runs a program to its end in the workspace's folder. @returns its standard output @throws CommandError with its last lines */
export async function call(
  [program = '', ...words]: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  try {
    const options = { cwd: ROOT, env: { ...process.env, ...env }, maxBuffer: 2 ** 28 };
    const { stdout } = await execute(program, words, options);
    return stdout.trim();
  } catch (error) {
    const { stderr = '', stdout = '' } = error as { stderr?: string; stdout?: string };
    const said = lastLines(stderr.trim() === '' ? stdout : stderr);
    throw new CommandError(`${[program, ...words].join(' ')} failed: ${said}`, { cause: error });
  }
}
