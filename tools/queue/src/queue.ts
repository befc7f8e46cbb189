import { run } from '@sockshop/cli';
import { deadLetterQueue } from '@sockshop/queues';
import { secretOf } from '@sockshop/secrets';
import { readState } from '@sockshop/supervisor';
import { Broker, QueueError } from './broker.ts';
import { list } from './list.ts';
import { LIST, PROGRAM, PURGE, REPLAY } from './options.ts';
import { replay } from './replay.ts';

interface BrokerOptions {
  readonly url?: string | undefined;
  readonly dir: string;
}

process.stdout.on('error', () => undefined); // its reader has gone
LIST.action((queues, options) =>
  withBroker(options, async (broker) => {
    console.log(await list(broker, queues, options));
  }),
);
REPLAY.action((queues, options) =>
  withBroker(options, (broker) => replayAll(broker, queues, options)),
);
PURGE.action((queue, options) =>
  withBroker(options, (broker) => purge(broker, queue, options.yes ?? false)),
);
await run(PROGRAM);

async function withBroker(
  options: BrokerOptions,
  work: (broker: Broker) => Promise<void>,
): Promise<void> {
  const broker = await Broker.at(urlOf(options));
  try {
    await work(broker);
  } finally {
    await broker.close();
  }
}

/** @throws QueueError where no broker is named and no shop runs. */
function urlOf({ url, dir }: BrokerOptions): string {
  const named = url ?? secretOf('RABBITMQ_URL');
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
  options: { readonly id?: string | undefined; readonly limit: number },
): Promise<void> {
  const { id } = options;
  let total = 0;
  for (const each of queues) {
    const done = await replay(broker, each, options);
    total += done;
    if (done === 0) continue;
    const consumers = (await broker.counts(each))?.consumers ?? 0;
    const unused = consumers === 0 ? '; it has no consumer now' : '';
    console.log(`Put ${messages(done)} back into ${each}${unused}.`);
  }
  if (total > 0) return;
  if (id !== undefined)
    throw new QueueError(`no message ${id} in ${queues.map(deadLetterQueue).join(' or ')}`);
  const [queue = ''] = queues;
  if (queues.length === 1) await required(broker, queue);
  console.log('No message is dead-lettered.');
}

async function purge(broker: Broker, queue: string, yes: boolean): Promise<void> {
  const dead = deadLetterQueue(queue);
  const count = await required(broker, queue);
  if (!yes) throw new QueueError(`${messages(count)} in ${dead}: to delete them, add --yes`);
  const { messageCount } = await broker.channel((channel) => channel.purgeQueue(dead));
  console.log(`Deleted ${messages(messageCount)} from ${dead}.`);
}

/** How many messages are dead-lettered. @throws QueueError where there is no such queue. */
async function required(broker: Broker, queue: string): Promise<number> {
  const counts = await broker.counts(deadLetterQueue(queue));
  if (counts) return counts.ready;
  throw new QueueError(`no queue ${deadLetterQueue(queue)} at ${broker.name}`);
}

function messages(count: number): string {
  return count === 1 ? '1 message' : `${count} messages`;
}
