import { command, InvalidArgumentError, Option, path, whole } from '@sockshop/cli';
import { DEFAULT_PORT, HIGHEST_PORT, SERVICE_NAMES, type ServiceName } from '@sockshop/parts';
import { join } from 'node:path';

/** The workspace's folder. */
export const ROOT = join(import.meta.dirname, '../../..');

type Instances = readonly (readonly [ServiceName, number])[];

const dir = new Option(
  '--dir <DIR>',
  'folder of data, logs and state.json; give the same to start, stop and status',
)
  .argParser(path)
  .default(join(ROOT, '.sockshop'), '.sockshop');

export const PROGRAM = command('npm run').usage('start:distributed|stop|status -- [options]');

export const START = PROGRAM.command('start:distributed')
  .usage('-- [options]')
  .description('Starts every service and every server in its own process and keeps them running.')
  .option(
    '--port <N>',
    "the shop's port; the services behind it take the ports after it; 0: free ones",
    whole(0, HIGHEST_PORT),
    DEFAULT_PORT,
  )
  .option('--zipkin-port <N>', "Zipkin's port; 0: a free one", whole(0, 65_535), 9411)
  .addOption(
    new Option('--instances <queue-master=N>', 'number of processes that consume the queue')
      .argParser(instancesOf)
      .default<Instances>([], '1'),
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
  .description('Stops the distributed shop: the services first, then the servers.')
  .addOption(dir);

export const STATUS = PROGRAM.command('status')
  .usage('-- [options]')
  .description(
    'Shows every process of the distributed shop. The exit code is 1 if the shop is not running.',
  )
  .addOption(dir);

function instancesOf(text: string, before: Instances): Instances {
  const [, given, digits = ''] = /^([^=]+)=(\d+)$/.exec(text) ?? [];
  const name = SERVICE_NAMES.find((each) => each === given);
  const count = Number(digits);
  if (name === undefined || count < 1 || count > 50)
    throw new InvalidArgumentError(
      'Give a service and a number from 1 to 50, such as queue-master=2.',
    );
  if (name !== 'queue-master' && count > 1) {
    throw new InvalidArgumentError(
      `Give only queue-master several instances: ${name} is called over HTTP, and nothing here balances those calls.`,
    );
  }
  return [...before, [name, count]];
}
