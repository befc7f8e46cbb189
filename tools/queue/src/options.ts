import { Argument, command, InvalidArgumentError, Option, path, text, whole } from '@sockshop/cli';
import { SHIPMENT_EVENTS_QUEUE, SHIPPING_TASK_QUEUE } from '@sockshop/queues';
import { join } from 'node:path';

/** Those that services of the shop consume. */
const QUEUES = [SHIPPING_TASK_QUEUE, SHIPMENT_EVENTS_QUEUE];

const MOST_MESSAGES = 999_999_999;

const url = new Option(
  '--url <URL>',
  "the broker, such as amqp://user:password@host:5672 (default: RABBITMQ_URL, else the running shop's)",
).argParser(text);
const dir = new Option('--dir <DIR>', "the running shop's folder")
  .argParser(path)
  .default(join(import.meta.dirname, '../../../.sockshop'), '.sockshop');
const queues = new Argument('[QUEUE]', 'such as shipping-task')
  .argParser((name) => [queueOf(name)])
  .default(QUEUES, QUEUES.join(' and '));

export const PROGRAM = command('npm run queue --').addHelpText(
  'after',
  '\nExit code: 0 done, 1 not done, 2 a wrong command line.',
);

export const LIST = PROGRAM.command('list')
  .description(
    'Shows messages and consumers of the queues, and the dead-lettered messages in QUEUE.dead.',
  )
  .addArgument(queues)
  .option('--limit <N>', 'at most so many messages of each queue', whole(1, MOST_MESSAGES), 20)
  .option('--bodies', "the messages' bodies too")
  .addOption(url)
  .addOption(dir);

export const REPLAY = PROGRAM.command('replay')
  .description('Puts dead-lettered messages back into QUEUE.')
  .addArgument(queues)
  .option('--id <MESSAGE_ID>', 'only this message', text)
  .addOption(
    new Option('--limit <N>', 'at most so many messages of each queue')
      .argParser(whole(1, MOST_MESSAGES))
      .default(Infinity, 'all'),
  )
  .addOption(url)
  .addOption(dir);

export const PURGE = PROGRAM.command('purge')
  .description('Deletes the dead-lettered messages in QUEUE.dead.')
  .argument('<QUEUE>', 'such as shipping-task', queueOf)
  .option('--yes', 'without it nothing is deleted')
  .addOption(url)
  .addOption(dir);

/** The queue that is meant: both its name and that of its dead-letter queue are understood. */
function queueOf(name: string): string {
  if (name === '') throw new InvalidArgumentError('It is empty.');
  if (/\.retry\.\d+$/.test(name))
    throw new InvalidArgumentError('It is a delay queue: its messages go back by themselves.');
  return name.replace(/\.dead$/, '');
}
