import { UsageError } from '@sockshop/cli';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const COMMANDS = ['list', 'replay', 'purge'] as const;

export interface QueueOptions {
  readonly command: (typeof COMMANDS)[number];
  /** The queue whose parked messages are meant, never the `.dead` one; undefined: the shop's own queues. */
  readonly queue: string | undefined;
  /** Of the broker. */
  readonly url: string | undefined;
  /** Absolute path of the folder of a running shop's state.json. */
  readonly dir: string;
  readonly id: string | undefined;
  /** Messages of each queue. */
  readonly limit: number | undefined;
  readonly bodies: boolean;
  readonly yes: boolean;
}

export const QUEUE_USAGE = `npm run queue -- list [QUEUE] [--limit N] [--bodies]
npm run queue -- replay [QUEUE] [--id MESSAGE_ID] [--limit N]
npm run queue -- purge QUEUE --yes

  list                 messages and consumers of the queues, and what is parked in QUEUE.dead
  replay               puts parked messages back into QUEUE
  purge                deletes what is parked in QUEUE.dead
  QUEUE                such as shipping-task; without one shipping-task and orders.shipment-events

  --id MESSAGE_ID      only this message
  --limit N            at most so many messages of each queue (list: 20; replay: all)
  --bodies             the messages' bodies too
  --yes                purge deletes only with it
  --url URL            the broker, such as amqp://user:password@host:5672; else RABBITMQ_URL, else the running shop's
  --dir DIR            the running shop's folder (.sockshop)
  --help               this text

Exit code: 0 done, 1 not done, 2 a wrong command line.`;

/** Options that a command does not know are refused: `purge --id` would delete more than was meant. */
const ALLOWED = {
  list: ['limit', 'bodies'],
  replay: ['id', 'limit'],
  purge: ['yes'],
} as const;
const EVERYWHERE = ['url', 'dir', 'help'];

/** Undefined when only the usage is asked for. `root` is the workspace's folder. @throws UsageError */
export function parseQueueOptions(argv: readonly string[], root: string): QueueOptions | undefined {
  const { values, positionals } = parsed(argv);
  if (values.help) return undefined;
  const [name = '', queue, ...more] = positionals;
  const command = COMMANDS.find((each) => each === name);
  if (!command) throw new UsageError(name === '' ? 'no command' : `not a command: ${name}`);
  if (more.length > 0) throw new UsageError(`one queue at a time: ${more.join(' ')}`);
  const known: readonly string[] = [...ALLOWED[command], ...EVERYWHERE];
  const unknown = Object.keys(values).find((option) => !known.includes(option));
  if (unknown !== undefined) throw new UsageError(`${command} does not know --${unknown}`);
  if (command === 'purge' && queue === undefined) throw new UsageError('purge: which queue?');
  return {
    command,
    queue: queue === undefined ? undefined : queueOption(queue),
    url: values.url,
    dir: resolve(values.dir ?? join(root, '.sockshop')),
    id: values.id,
    limit: limitOption(values.limit),
    bodies: values.bodies ?? false,
    yes: values.yes ?? false,
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        dir: { type: 'string' },
        id: { type: 'string' },
        limit: { type: 'string' },
        bodies: { type: 'boolean' },
        yes: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Both names are understood: that of the queue and that of what is parked beside it. */
function queueOption(text: string): string {
  if (text === '') throw new UsageError('the queue has no name');
  if (/\.retry\.\d+$/.test(text))
    throw new UsageError(`${text} is not parked: its messages go back by themselves`);
  return text.replace(/\.dead$/, '');
}

function limitOption(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`--limit: not a number of messages: ${text}`);
}
