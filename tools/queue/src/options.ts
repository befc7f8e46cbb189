import { flag, option, optional, path, text, UsageError, whole } from '@sockshop/cli';
import { SHIPMENT_EVENTS_QUEUE, SHIPPING_TASK_QUEUE } from '@sockshop/queues';
import { join } from 'node:path';

/** Those that services of the shop consume. */
export const QUEUES = [SHIPPING_TASK_QUEUE, SHIPMENT_EVENTS_QUEUE];

const CALL = 'npm run queue --';
const MOST_MESSAGES = 999_999_999;
const EVERYWHERE = {
  url: optional(
    'URL',
    'the broker, such as amqp://user:password@host:5672',
    text,
    "RABBITMQ_URL, else the running shop's",
  ),
  dir: option(
    'DIR',
    "the running shop's folder",
    path,
    join(import.meta.dirname, '../../../.sockshop'),
    '.sockshop',
  ),
};
const EVERY_QUEUE = `QUEUE is such as shipping-task; without it ${QUEUES.join(' and ')} are meant.`;

export const LIST = {
  call: `${CALL} list`,
  operands: ['[QUEUE]'],
  options: {
    limit: option('N', 'at most so many messages of each queue', whole(1, MOST_MESSAGES), 20),
    bodies: flag("the messages' bodies too"),
    ...EVERYWHERE,
  },
  about:
    'Shows messages and consumers of the queues, and the dead-lettered messages in QUEUE.dead.',
  notes: EVERY_QUEUE,
};

export const REPLAY = {
  call: `${CALL} replay`,
  operands: ['[QUEUE]'],
  options: {
    id: optional('MESSAGE_ID', 'only this message', text),
    limit: option(
      'N',
      'at most so many messages of each queue',
      whole(1, MOST_MESSAGES),
      Infinity,
      'all',
    ),
    ...EVERYWHERE,
  },
  about: 'Puts dead-lettered messages back into QUEUE.',
  notes: EVERY_QUEUE,
};

export const PURGE = {
  call: `${CALL} purge`,
  operands: ['QUEUE'],
  options: { yes: flag('without it nothing is deleted'), ...EVERYWHERE },
  about: 'Deletes the dead-lettered messages in QUEUE.dead.',
};

/** The queue that is meant: both its name and that of its dead-letter queue are understood. @throws UsageError */
export function queueOf(name: string): string {
  if (name === '') throw new UsageError('QUEUE is empty');
  if (/\.retry\.\d+$/.test(name))
    throw new UsageError(`${name} is a delay queue: its messages go back by themselves`);
  return name.replace(/\.dead$/, '');
}
