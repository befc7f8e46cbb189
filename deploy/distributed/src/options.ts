import { UsageError } from '@sockshop/cli';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isServiceName, type ServiceName } from './services.ts';

export interface ShopOptions {
  /** Of the front-end. The seven services behind it take the ports after it; 0: free ports for all. */
  readonly port: number;
  /** Of Zipkin; 0: a free one. */
  readonly zipkinPort: number;
  /** How many processes of a service, where it is not one. */
  readonly instances: ReadonlyMap<ServiceName, number>;
  /** Absolute path of the folder of state.json, logs/ and distributed/. */
  readonly dir: string;
}

export const USAGE = `npm run start:distributed -- [options]
npm run stop
npm run status

  --port N                  the shop's port; the services behind it take the ports after it (8080)
  --zipkin-port N           Zipkin's port (9411)
  --instances queue-master=N
                            so many processes work off the queue (1)
  --dir DIR                 where data, logs and state.json are kept (.sockshop); also for stop and status
  --help                    this text

MYSQL_URL, MONGO_URL, RABBITMQ_URL and ZIPKIN_URL name servers to use instead of own ones.
Ctrl-C stops everything.`;

/** Undefined when only the usage is asked for. `root` is the workspace's folder. @throws UsageError */
export function parseOptions(argv: readonly string[], root: string): ShopOptions | undefined {
  const values = parsed(argv);
  if (values.help) return undefined;
  return {
    port: portOption('port', values.port, 8080),
    zipkinPort: portOption('zipkin-port', values['zipkin-port'], 9411),
    instances: new Map(values.instances?.map(instancesOption)),
    dir: resolve(values.dir ?? join(root, '.sockshop')),
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string' },
        'zipkin-port': { type: 'string' },
        instances: { type: 'string', multiple: true },
        dir: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function portOption(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const port = Number(text);
  const highest = 65_535 - 7; // seven more ports follow
  if (/^\d+$/.test(text) && port <= highest) return port;
  throw new UsageError(`--${name}: not a port from 0 to ${highest}: ${text}`);
}

function instancesOption(text: string): [ServiceName, number] {
  const [, name = '', digits = ''] = /^([^=]+)=(\d+)$/.exec(text) ?? [];
  const count = Number(digits);
  if (!isServiceName(name) || count < 1 || count > 50)
    throw new UsageError(`--instances: not like queue-master=2, with 1 to 50: ${text}`);
  if (name !== 'queue-master' && count > 1) {
    throw new UsageError(
      `--instances: ${name} is called by HTTP, and nothing spreads calls over several of it here; only queue-master, which takes its work from the queue, can have several`,
    );
  }
  return [name, count];
}
