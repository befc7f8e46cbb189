import { command, InvalidArgumentError, Option, path, whole } from '@sockshop/cli';
import { DEFAULT_PORT, HIGHEST_PORT, SERVICE_NAMES, type ServiceName } from '@sockshop/parts';
import { DEFAULT_DIR, PROFILES } from '@sockshop/supervisor';
import { join } from 'node:path';

/** The workspace's folder. */
export const ROOT = join(import.meta.dirname, '../../..');

type Instances = readonly (readonly [ServiceName, number])[];

const dir = new Option(
  '--dir <DIR>',
  'folder of data, logs and state.json; give the same to start, stop and status',
)
  .argParser(path)
  .default(DEFAULT_DIR, '.sockshop');
const data = new Option(
  '--data <DIR>',
  'the --data of npm start (default: embedded, in the --dir)',
).argParser(path);

export const PROGRAM = command('npm run').usage('start:distributed|stop|status -- [options]');

export const START = PROGRAM.command('start:distributed')
  .usage('-- [options]')
  .description(
    'Starts every service, every server and the router in its own process and keeps them running.',
  )
  .option(
    '--port <N>',
    "the shop's port; the front-end takes the port before it, the doors to the other services those after it; 0: free ones",
    whole(0, HIGHEST_PORT),
    DEFAULT_PORT,
  )
  .option('--zipkin-port <N>', "Zipkin's port; 0: a free one", whole(0, 65_535), 9411)
  .addOption(
    new Option('--instances <SERVICE=N>', 'number of processes of a service; may be repeated')
      .argParser(instancesOf)
      .default<Instances>([], '1'),
  )
  .addOption(
    new Option('--profile <NAME>', 'fast, or small: less memory, more processor time')
      .choices(PROFILES)
      .env('SHOP_PROFILE')
      .default('fast' as const),
  )
  .addOption(dir)
  .addHelpText(
    'after',
    `
MYSQL_URL, MONGO_URL, RABBITMQ_URL and ZIPKIN_URL name servers to use instead.
Ctrl-C stops everything.`,
  );
export type StartOptions = ReturnType<typeof START.opts>;

export const STOP = PROGRAM.command('stop')
  .usage('-- [options]')
  .description('Stops the shop, whichever way it runs: services first, then servers.')
  .addOption(dir)
  .addOption(data);

export const STATUS = PROGRAM.command('status')
  .usage('-- [options]')
  .description('Shows the running shop, whichever way it runs. The exit code is 1 if none runs.')
  .addOption(dir)
  .addOption(data);

/** The folders in which a shop may run. */
export function placesOf({ dir, data }: ReturnType<typeof STOP.opts>): string[] {
  return data === undefined ? [dir, join(dir, 'embedded')] : [data];
}

function instancesOf(text: string, before: Instances): Instances {
  const [, given, digits = ''] = /^([^=]+)=(\d+)$/.exec(text) ?? [];
  const name = SERVICE_NAMES.find((each) => each === given);
  const count = Number(digits);
  if (name === undefined || count < 1 || count > 20)
    throw new InvalidArgumentError('Give a service and a number from 1 to 20, such as orders=2.');
  return [...before, [name, count]];
}
