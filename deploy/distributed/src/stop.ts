import { CommandError } from '@sockshop/cli';
import { callersFirst } from '@sockshop/parts';
import { endProcesses, ends, forgetEnded, readState, runs, type State } from '@sockshop/supervisor';
import { placesOf, type STOP } from './options.ts';

/** Longer than a launcher's own limits for all its processes together. */
const STOP_WITHIN_MS = 90_000;

/** Stops what runs in the folders, either way. @throws CommandError for a launcher that does not end. */
export async function stop(options: ReturnType<typeof STOP.opts>): Promise<void> {
  let stopped = 0;
  for (const dir of placesOf(options)) {
    const state = readState(dir);
    if (!state) continue;
    const startedAt = Date.now();
    if (!(await stopShop(dir, state))) continue;
    stopped += 1;
    console.log(`Stopped in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  }
  if (stopped === 0) console.log('Sock Shop is not running.');
}

/** False where nothing was left to stop. */
async function stopShop(dir: string, { way, launcher, parts }: State): Promise<boolean> {
  if (runs(launcher)) {
    process.kill(launcher.pid, 'SIGTERM');
    if (!(await ends(launcher, STOP_WITHIN_MS)))
      throw new CommandError(
        `The launcher, process ${launcher.pid}, does not end. See its output, or kill it.`,
      );
    if (readState(dir)) forgetEnded(dir); // it was still starting
    return true;
  }
  const ended = await endProcesses(parts, callersFirst());
  forgetEnded(dir);
  if (way === 'embedded') return false; // it was one process
  console.log(`The launcher had been killed; it had left ${ended} processes.`);
  return true;
}
