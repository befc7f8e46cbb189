import { readState, runs, type State } from '@sockshop/supervisor';
import { placesOf, type STATUS } from './options.ts';
import { statusTable } from './status-table.ts';

/** Shows what runs in the folders, either way. Returns whether a shop runs. */
export async function status(options: ReturnType<typeof STATUS.opts>): Promise<boolean> {
  const states = placesOf(options).flatMap((dir) => shownOf(readState(dir)));
  if (states.length === 0) console.log('Sock Shop is not running.');
  for (const [index, state] of states.entries()) {
    if (index > 0) console.log();
    console.log(`${await statusTable(state)}\n`);
    const { launcher, url, startedAt, logs } = state;
    console.log(
      runs(launcher)
        ? `${url || 'Starting'}, since ${startedAt}; logs: ${logs}`
        : 'The launcher was killed: npm run stop ends what it left.',
    );
  }
  return states.some(({ launcher }) => runs(launcher));
}

/** Of a killed embedded shop nothing is left. */
function shownOf(state: State | undefined): State[] {
  return state && (state.way === 'distributed' || runs(state.launcher)) ? [state] : [];
}
