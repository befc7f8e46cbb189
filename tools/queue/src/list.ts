import { aligned } from '@sockshop/cli';
import { deadLetterQueue, delayQueue } from '@sockshop/queues';
import { type Broker, QueueError } from './broker.ts';
import { described, printable } from './dead-letters.ts';

const HEAD = ['message id', 'failed at', 'failures', 'error', 'bytes', 'correlation id'];

interface ListOptions {
  readonly limit: number;
  readonly bodies?: boolean;
}

/** The queues with their counts, then the dead-lettered messages. @throws QueueError where none of the queues exists. */
export async function list(
  broker: Broker,
  queues: readonly string[],
  { limit, bodies = false }: ListOptions,
): Promise<string> {
  const rows: string[][] = [];
  const parts: string[] = [];
  for (const queue of queues) {
    rows.push(...(await countRows(broker, queue)));
    const dead = (await broker.counts(deadLetterQueue(queue)))?.ready ?? 0;
    if (dead > 0) parts.push(await deadLetters(broker, queue, dead, limit, bodies));
  }
  if (rows.length === 0) throw new QueueError(`no queue ${queues.join(' or ')} at ${broker.name}`);
  if (parts.length === 0) parts.push('No message is dead-lettered.');
  return [aligned([['queue', 'ready', 'consumers'], ...rows]), ...parts].join('\n\n');
}

/** Empty where neither the queue nor one beside it exists. */
async function countRows(broker: Broker, queue: string): Promise<string[][]> {
  const rows: string[][] = [];
  const add = async (name: string): Promise<boolean> => {
    const counts = await broker.counts(name);
    if (counts) rows.push([name, String(counts.ready), String(counts.consumers)]);
    return counts !== undefined;
  };
  await add(queue);
  for (let nth = 1; await add(delayQueue(queue, nth)); nth++);
  await add(deadLetterQueue(queue));
  return rows;
}

/**
 * Taken one by one, none acknowledged, all given back together: they keep their places, but the broker marks them as redelivered, and
 * no other consumer sees them meanwhile.
 */
async function deadLetters(
  broker: Broker,
  queue: string,
  count: number,
  limit: number,
  bodies: boolean,
): Promise<string> {
  const rows: string[][] = [];
  const texts: string[] = [];
  await broker.channel(async (channel) => {
    while (rows.length < limit) {
      const message = await channel.get(deadLetterQueue(queue));
      if (!message) return;
      rows.push(described(message));
      texts.push(printable(message.content.toString()));
    }
  });
  const table = aligned([HEAD, ...rows], HEAD.length).split('\n');
  const lines = table.flatMap((line, index) =>
    bodies && index > 0 ? [line, `  ${texts[index - 1] ?? ''}`] : [line],
  );
  const more = count - rows.length;
  if (more > 0) lines.push(`and ${more} more; see them with --limit ${count}`);
  return [`Dead-lettered in ${deadLetterQueue(queue)}:`, ...lines].join('\n');
}
