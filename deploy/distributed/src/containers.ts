import { CommandError } from '@sockshop/cli';
import type { Limits } from '@sockshop/mesh';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Of the launcher's own variables, what a container gets, too. All others may be secrets, and mean nothing to a service. */
const PASSED = /^(OTEL_\w+|LOG_LEVEL|REQUEST_LOG_LEVEL|DRAIN_DELAY_MS)$/;

/** An instance as a container. */
export interface ContainerSpec {
  /** Unique on the engine. */
  readonly name: string;
  readonly image: string;
  readonly limits: Limits;
  readonly env: Readonly<Record<string, string>>;
  /** The shop's folder, which has the session key and the logs: it is there under the same path, to be read. */
  readonly dir: string;
}

/**
 * The program and its words that run a container and end with it: it prints what the container prints, and hands signals on. The container has the network
 * and the user of this process, and no more rights than it needs. Values of variables are in the program's environment, not among its words.
 */
export function containerCommand({ name, image, limits, env, dir }: ContainerSpec): {
  command: string;
  args: string[];
  env: Readonly<Record<string, string>>;
} {
  const passed = Object.keys(process.env).filter((variable) => PASSED.test(variable));
  const variables = [...new Set([...passed, ...Object.keys(env)])];
  const { memoryMiB, cpu } = limits;
  const args = [
    ...['run', '--rm', '--name', name, '--network', 'host', '--log-driver', 'none'],
    ...['--user', `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`],
    ...['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL'],
    ...['--security-opt', 'no-new-privileges'],
    ...['--mount', `type=bind,source=${dir},target=${dir},readonly`],
    ...(memoryMiB === undefined
      ? []
      : ['--memory', `${memoryMiB}m`, '--memory-swap', `${memoryMiB}m`]),
    ...(cpu === undefined ? [] : ['--cpus', String(cpu)]),
    ...variables.flatMap((variable) => ['--env', variable]),
    image,
  ];
  return { command: 'docker', args, env };
}

/** @throws CommandError where no engine answers, or where it has no such image */
export async function requireImage(image: string): Promise<void> {
  await docker('version', '--format', '{{.Server.Version}}').catch((error: unknown) => {
    throw new CommandError(
      '--image needs a Docker engine, and none answers at DOCKER_HOST or the usual place',
      { cause: error },
    );
  });
  await docker('image', 'inspect', '--format', '{{.Id}}', image).catch((error: unknown) => {
    throw new CommandError(`the Docker engine has no image ${image}: build or pull it first`, {
      cause: error,
    });
  });
}

/** Where they are still there. */
export async function removeContainers(names: readonly string[]): Promise<void> {
  if (names.length > 0) await docker('rm', '--force', ...names).catch(() => undefined); // the engine may have gone
}

async function docker(...words: string[]): Promise<void> {
  await execute('docker', words);
}
