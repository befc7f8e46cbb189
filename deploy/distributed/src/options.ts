import { option, path, repeatable, UsageError, type Values, whole } from '@sockshop/cli';
import { DEFAULT_PORT, HIGHEST_PORT, SERVICE_NAMES, type ServiceName } from '@sockshop/parts';
import { join } from 'node:path';

/** The workspace's folder. */
export const ROOT = join(import.meta.dirname, '../../..');

const dir = option(
  'DIR',
  'folder of data, logs and state.json; give the same to start, stop and status',
  path,
  join(ROOT, '.sockshop'),
  '.sockshop',
);

export const START = {
  call: 'npm run start:distributed --',
  options: {
    port: option(
      'N',
      "the shop's port; the services behind it take the ports after it; 0: free ones",
      whole(0, HIGHEST_PORT),
      DEFAULT_PORT,
    ),
    zipkinPort: option('N', "Zipkin's port; 0: a free one", whole(0, 65_535), 9411),
    instances: repeatable(
      'queue-master=N',
      'number of processes that consume the queue; default 1',
      instancesOf,
    ),
    dir,
  },
  about: 'Starts every service and every server in its own process and keeps them running.',
  notes: `MYSQL_URL, MONGO_URL, RABBITMQ_URL and ZIPKIN_URL name servers to use instead.
Ctrl-C stops everything.`,
};
export type StartOptions = Values<typeof START.options>;

export const STOP = {
  call: 'npm run stop --',
  options: { dir },
  about: 'Stops the distributed shop: the services first, then the servers.',
};

export const STATUS = {
  call: 'npm run status --',
  options: { dir },
  about:
    'Shows every process of the distributed shop. The exit code is 1 if the shop is not running.',
};

function instancesOf(text: string): readonly [ServiceName, number] {
  const [, given, digits = ''] = /^([^=]+)=(\d+)$/.exec(text) ?? [];
  const name = SERVICE_NAMES.find((each) => each === given);
  const count = Number(digits);
  if (name === undefined || count < 1 || count > 50)
    throw new UsageError('give a service and a number from 1 to 50, such as queue-master=2');
  if (name !== 'queue-master' && count > 1) {
    throw new UsageError(
      `give only queue-master several instances: ${name} is called over HTTP, and nothing here balances those calls`,
    );
  }
  return [name, count];
}
