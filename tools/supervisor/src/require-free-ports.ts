import { CommandError } from '@sockshop/cli';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DEFAULT_DIR, stopCommand } from './claim.ts';
import { type Holder, holderOf } from './port-holder.ts';

export interface WantedPort {
  readonly port: number;
  /** The address to listen on. Default: loopback. */
  readonly host?: string;
  /** What listens there. */
  readonly use: string;
  /** The option that changes it. */
  readonly option: string;
}

/** A port that the shop needs is in use. The message says who has it, and what to type. */
export class PortInUseError extends CommandError {
  override readonly name = 'PortInUseError';
}

/**
 * Does nothing but look: the ports can be taken by others until they are used. `command`: what is being started, such as `npm start --`. `dir`:
 * its folder. @throws PortInUseError
 */
export async function requireFreePorts(
  wanted: readonly WantedPort[],
  command: string,
  dir: string,
): Promise<void> {
  const uses = new Map<number, string>();
  for (const each of wanted) {
    const { port, use, option } = each;
    const other = port === 0 ? undefined : uses.get(port);
    if (other !== undefined)
      throw new PortInUseError(
        `Port ${port} is wanted twice, for ${other} and for ${use}. Choose another with: ${command} ${option} N`,
      );
    uses.set(port, use);
    const problem = await listenProblem(each);
    if (problem) throw portInUse(each, command, dir, problem);
  }
}

/** What a failed `listen` means. */
export function portInUse(
  { port, host, use, option }: WantedPort,
  command: string,
  dir: string,
  error: Error,
): PortInUseError {
  const code = 'code' in error ? String(error.code) : error.message;
  const named = `Port ${port}, for ${use},`;
  const other = `${command} ${option} N`;
  const say = (message: string): PortInUseError => new PortInUseError(message, { cause: error });
  if (code === 'EACCES') return say(`${named} is for root alone. Choose another with: ${other}`);
  if (code !== 'EADDRINUSE')
    return say(
      `${named} cannot be opened at the address ${host ?? LOOPBACK} (${code}). Choose another with: ${command} --host ADDRESS`,
    );
  const holder = holderOf(port, [dir, DEFAULT_DIR, join(DEFAULT_DIR, 'embedded')]);
  const { by, stop } = whose(holder);
  const advice = stop === undefined ? '' : `Stop it with: ${stop}. Or choose another with: `;
  return say(`${named} is in use${by}. ${advice || 'Choose another with: '}${other}`);
}

function whose(holder: Holder | undefined): { by: string; stop?: string } {
  if (!holder) return { by: '' };
  const { pid, program, shop, ours } = holder;
  if (!shop) {
    const by = ` by ${program} (process ${pid})`;
    return ours ? { by, stop: `kill ${pid}` } : { by };
  }
  const { dir, state } = shop;
  const by = ` by the Sock Shop that runs from ${dir} (process ${state.launcher.pid})`;
  return { by, stop: stopCommand(dir) };
}

const LOOPBACK = '127.0.0.1';

function listenProblem({ port, host = LOOPBACK }: WantedPort): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen(port, host, () => {
      server.close(() => {
        resolve(undefined);
      });
    });
  });
}
