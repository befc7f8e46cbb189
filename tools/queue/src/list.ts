import { aligned } from '@sockshop/cli';
import { type Broker, QueueError } from './broker.ts';
import { described, parkingLot, printable, waitingRoom } from './parked.ts';

const LIMIT = 20;
const HEAD = ['message id', 'parked at', 'failures', 'error', 'bytes', 'correlation id'];

interface ListOptions {
  readonly limit: number | undefined;
  readonly bodies: boolean;
}

/** The queues with their counts, then what is parked. @throws QueueError where not one of them is there. */
export async function list(
  broker: Broker,
  queues: readonly string[],
  { limit = LIMIT, bodies }: ListOptions,
): Promise<string> {
  const rows: string[][] = [];
  const parts: string[] = [];
  for (const queue of queues) {
    rows.push(...(await countRows(broker, queue)));
    const parked = (await broker.counts(parkingLot(queue)))?.ready ?? 0;
    if (parked > 0) parts.push(await parkedMessages(broker, queue, parked, limit, bodies));
  }
  if (rows.length === 0) throw new QueueError(`no queue ${queues.join(' or ')} at ${broker.name}`);
  if (parts.length === 0) parts.push('Nothing is parked.');
  return [aligned([['queue', 'ready', 'consumers'], ...rows]), ...parts].join('\n\n');
}

/** None where neither the queue nor what is parked beside it is there. */
async function countRows(broker: Broker, queue: string): Promise<string[][]> {
  const rows: string[][] = [];
  const add = async (name: string): Promise<boolean> => {
    const counts = await broker.counts(name);
    if (counts) rows.push([name, String(counts.ready), String(counts.consumers)]);
    return counts !== undefined;
  };
  await add(queue);
  for (let nth = 1; await add(waitingRoom(queue, nth)); nth++);
  await add(parkingLot(queue));
  return rows;
}

/**
 * Taken one by one, none acknowledged, all given back together: they stay in their places, but the broker marks them as redelivered, and
 * nobody else sees them meanwhile.
 */
async function parkedMessages(
  broker: Broker,
  queue: string,
  parked: number,
  limit: number,
  bodies: boolean,
): Promise<string> {
  const rows: string[][] = [];
  const texts: string[] = [];
  await broker.channel(async (channel) => {
    while (rows.length < limit) {
      const message = await channel.get(parkingLot(queue));
      if (!message) return;
      rows.push(described(message));
      texts.push(printable(message.content.toString()));
    }
  });
  const table = aligned([HEAD, ...rows], HEAD.length).split('\n');
  const lines = table.flatMap((line, index) =>
    bodies && index > 0 ? [line, `  ${texts[index - 1] ?? ''}`] : [line],
  );
  const more = parked - rows.length;
  if (more > 0) lines.push(`and ${more} more; see them with --limit ${parked}`);
  return [`Parked in ${parkingLot(queue)}:`, ...lines].join('\n');
}
