import { callersFirst } from '@sockshop/parts';
import {
  AT_WORK,
  claimFolder,
  endProcesses,
  removeState,
  requireUnclaimed,
  type State,
  type WayName,
} from '@sockshop/supervisor';
import type { Context } from './context.ts';

/**
 * Keeps the shop from starting in the folder, and tells it which processes to end if we are killed. @throws FolderInUseError while a shop,
 * or another backup, has it.
 */
export async function claim(
  dir: string,
  way: WayName,
  { say, cleanUp }: Pick<Context, 'say' | 'cleanUp'>,
): Promise<State> {
  await requireUnclaimed(dir, way, callersFirst(), say);
  const state = claimFolder(dir, { way, url: AT_WORK, logs: dir });
  cleanUp(async () => {
    await endProcesses(state.parts);
    removeState(dir);
  });
  return state;
}
