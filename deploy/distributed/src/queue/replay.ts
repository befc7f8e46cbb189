import type { ConfirmChannel, GetMessage, Options } from 'amqplib';
import { type Broker, QueueError, within } from './broker.ts';
import { parkingLot, withoutFailures } from './parked.ts';

/** A broker short of memory or disk confirms nothing. */
const CONFIRM_MS = 10_000;

interface ReplayOptions {
  readonly id: string | undefined;
  readonly limit: number | undefined;
}

/**
 * Puts what is parked now back into its queue, oldest first, and answers how many messages that were. One that fails again and is parked again
 * meanwhile waits for the next time. @throws QueueError; what was not put back stays parked.
 */
export async function replay(
  broker: Broker,
  queue: string,
  { id, limit = Infinity }: ReplayOptions,
): Promise<number> {
  const parked = (await broker.counts(parkingLot(queue)))?.ready ?? 0;
  if (parked === 0) return 0;
  if (!(await broker.counts(queue)))
    throw new QueueError(`no queue ${queue} at ${broker.name} to put what is parked back into`);
  let done = 0;
  try {
    await broker.confirmChannel(async (channel) => {
      for (let seen = 0; seen < parked && done < limit; seen++) {
        const message = await channel.get(parkingLot(queue));
        if (!message) return;
        if (id !== undefined && message.properties.messageId !== id) continue; // back in its place at the end
        await putBack(channel, queue, message);
        done++;
      }
    });
  } catch (error) {
    if (!(error instanceof QueueError) || done === 0) throw error;
    throw new QueueError(`${error.message} (${done} had been put back)`, { cause: error });
  }
  return done;
}

/** Confirmed before the parked one is acknowledged: a crash in between doubles the message, never loses it. */
async function putBack(channel: ConfirmChannel, queue: string, message: GetMessage): Promise<void> {
  const publishing = published(channel, queue, message);
  const taken = await within(CONFIRM_MS, publishing, 'no confirmation in time');
  if (!taken) throw new QueueError(`queue ${queue} is gone`);
  channel.ack(message);
}

/** Whether a queue took it. With all its properties but the user's id, which the broker would compare with ours, and an expiry that is over. */
function published(channel: ConfirmChannel, queue: string, message: GetMessage): Promise<boolean> {
  const options: Options.Publish = {
    ...message.properties,
    headers: withoutFailures(message.properties.headers ?? {}),
    persistent: true,
    mandatory: true,
  };
  delete options.userId;
  delete options.expiration;
  return new Promise((resolve, reject) => {
    let taken = true;
    const onReturn = (): void => {
      taken = false; // the broker says so before it confirms
    };
    channel.once('return', onReturn);
    channel.publish('', queue, message.content, options, (error: unknown) => {
      channel.off('return', onReturn);
      if (error === null) resolve(taken);
      else reject(new QueueError(`queue ${queue} did not take the message`, { cause: error }));
    });
  });
}
