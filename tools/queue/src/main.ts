import { UsageError } from '@sockshop/cli';
import { readState } from '@sockshop/supervisor';
import { join } from 'node:path';
import { Broker, QueueError } from './broker.ts';
import { list } from './list.ts';
import { parseQueueOptions, QUEUE_USAGE, type QueueOptions } from './options.ts';
import { parkingLot } from './parked.ts';
import { replay } from './replay.ts';

const ROOT = join(import.meta.dirname, '../../..'); // tools/queue/dist
/** Those that services of the shop consume. */
const QUEUES = ['shipping-task', 'orders.shipment-events'];

process.stdout.on('error', () => undefined); // whoever read it is gone
try {
  const options = parseQueueOptions(process.argv.slice(2), ROOT);
  if (options) await run(options);
  else console.log(QUEUE_USAGE);
} catch (error) {
  if (error instanceof UsageError) console.error(`${error.message}\n\n${QUEUE_USAGE}`);
  else console.error(error instanceof QueueError ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function run(options: QueueOptions): Promise<void> {
  const broker = await Broker.at(urlOf(options));
  const queues = options.queue === undefined ? QUEUES : [options.queue];
  try {
    if (options.command === 'list') console.log(await list(broker, queues, options));
    else if (options.command === 'replay') await replayAll(broker, queues, options);
    else await purge(broker, queues.join(), options.yes);
  } finally {
    await broker.close();
  }
}

/** @throws QueueError where no broker is named and no shop runs. */
function urlOf({ url, dir }: QueueOptions): string {
  const named = url ?? process.env['RABBITMQ_URL'];
  if (named) return named;
  const running = readState(dir)?.parts.find(({ name }) => name === 'rabbitmq')?.url;
  if (running !== undefined) return running;
  throw new QueueError(
    `Sock Shop is not running from ${dir}: start it with npm run start:distributed, or name a broker in RABBITMQ_URL or with --url`,
  );
}

async function replayAll(
  broker: Broker,
  queues: readonly string[],
  options: QueueOptions,
): Promise<void> {
  const { id, queue } = options;
  let total = 0;
  for (const each of queues) {
    const done = await replay(broker, each, options);
    total += done;
    if (done === 0) continue;
    const consumers = (await broker.counts(each))?.consumers ?? 0;
    const waits = consumers === 0 ? '; nobody consumes it now' : '';
    console.log(`Put ${messages(done)} back into ${each}${waits}.`);
  }
  if (total > 0) return;
  if (id !== undefined)
    throw new QueueError(`no message ${id} in ${queues.map(parkingLot).join(' or ')}`);
  if (queue !== undefined) await required(broker, queue);
  console.log('Nothing is parked.');
}

async function purge(broker: Broker, queue: string, yes: boolean): Promise<void> {
  const dead = parkingLot(queue);
  const parked = await required(broker, queue);
  if (!yes) throw new QueueError(`${messages(parked)} in ${dead}: to delete them, add --yes`);
  const { messageCount } = await broker.channel((channel) => channel.purgeQueue(dead));
  console.log(`Deleted ${messages(messageCount)} from ${dead}.`);
}

/** How many messages are parked. @throws QueueError where there is no such place. */
async function required(broker: Broker, queue: string): Promise<number> {
  const counts = await broker.counts(parkingLot(queue));
  if (counts) return counts.ready;
  throw new QueueError(`no queue ${parkingLot(queue)} at ${broker.name}`);
}

function messages(count: number): string {
  return count === 1 ? '1 message' : `${count} messages`;
}
