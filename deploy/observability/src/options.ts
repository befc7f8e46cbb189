import { command, CommandError, Option, path, whole } from '@sockshop/cli';
import { DEFAULT_DIR, readState, runs, type State, type WayName } from '@sockshop/supervisor';
import { join } from 'node:path';

const dir = new Option('--dir <DIR>', "the shop's folder")
  .argParser(path)
  .default(DEFAULT_DIR, '.sockshop, and .sockshop/embedded');

export const PROMETHEUS = command('npm run prometheus --')
  .description('Runs Prometheus beside a shop that runs, with the alerts. Ctrl-C stops it.')
  .option('--port <N>', "Prometheus' own port; 0: a free one", whole(0, 65_535), 9090)
  .addOption(dir);

export const CHECK = command('npm run dashboards:check --')
  .description(
    'Puts load on a shop that npm run start:distributed runs, and asks Prometheus every query of the dashboards and alerts. The exit code is 1 if one has no answer, or if Prometheus counts other than the load test.',
  )
  .option('--seconds <N>', 'how long the load lasts', whole(20, 3600), 60)
  .option('--shoppers <N>', 'how many shop at once', whole(1, 1000), 10)
  .addOption(dir);

/** The shop that runs in the folder. @throws CommandError where none does, or only one of another way. */
export function runningShop(
  dir: string,
  ways: readonly WayName[] = ['distributed', 'embedded'],
): { readonly dir: string; readonly state: State } {
  for (const place of [dir, join(dir, 'embedded')]) {
    const state = readState(place);
    if (state && runs(state.launcher) && state.url !== '' && ways.includes(state.way))
      return { dir: place, state };
  }
  const start = ways.includes('embedded') ? 'npm start' : 'npm run start:distributed';
  throw new CommandError(`No shop runs in ${dir}. Start one: ${start}`);
}
