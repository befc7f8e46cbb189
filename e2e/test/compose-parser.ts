import { spawnSync } from 'node:child_process';

export { composeClient as composeParser } from '@sockshop/containers';

export function works(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
