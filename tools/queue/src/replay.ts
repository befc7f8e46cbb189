import { deadLetterQueue, withoutFailures } from '@sockshop/queues';
import { within } from '@sockshop/resilience';
import type { ConfirmChannel, GetMessage, Options } from 'amqplib';
import { type Broker, QueueError } from './broker.ts';

/** A broker short of memory or disk confirms nothing. */
const CONFIRM_MS = 10_000;
/** Messages on their way to the broker: one at a time, each would wait for its disk. */
const AT_ONCE = 100;

interface ReplayOptions {
  readonly id?: string | undefined;
  readonly limit: number;
}

/**
 * Puts the messages that are dead-lettered now back into their queue, oldest first, and returns their number. One that fails again meanwhile is
 * left for the next time. @throws QueueError; what was not put back stays dead-lettered.
 */
export async function replay(
  broker: Broker,
  queue: string,
  { id, limit }: ReplayOptions,
): Promise<number> {
  const dead = (await broker.counts(deadLetterQueue(queue)))?.ready ?? 0;
  if (dead === 0) return 0;
  if (!(await broker.counts(queue)))
    throw new QueueError(`no queue ${queue} at ${broker.name} to put the messages back into`);
  let done = 0;
  try {
    await broker.confirmChannel(async (channel) => {
      const back = new PutBack(channel, queue);
      for (let seen = 0, taken = 0; seen < dead && taken < limit; seen++) {
        const message = await channel.get(deadLetterQueue(queue));
        if (!message) break;
        if (id !== undefined && message.properties.messageId !== id) continue; // back in its place at the end
        back.publish(message);
        taken++;
        if (taken % AT_ONCE === 0) done += await back.confirmed();
      }
      done += await back.confirmed();
    });
  } catch (error) {
    if (!(error instanceof QueueError) || done === 0) throw error;
    throw new QueueError(`${error.message} (${done} or more had been put back)`, { cause: error });
  }
  return done;
}

/** Each message is confirmed before the dead-lettered one is acknowledged: a crash in between doubles it and never loses it. */
class PutBack {
  private running: Promise<void>[] = [];
  /** The broker says so before it confirms the message. */
  private gone = false;

  constructor(
    private readonly channel: ConfirmChannel,
    private readonly queue: string,
  ) {
    channel.on('return', () => (this.gone = true));
  }

  publish(message: GetMessage): void {
    const { channel, queue } = this;
    const publishing = new Promise<void>((resolve, reject) => {
      const { content } = message;
      channel.publish('', queue, content, asItCame(message), (error: unknown) => {
        if (error !== null)
          reject(new QueueError(`queue ${queue} did not take the message`, { cause: error }));
        else if (this.gone) reject(new QueueError(`queue ${queue} is gone`));
        else {
          channel.ack(message);
          resolve();
        }
      });
    });
    publishing.catch(() => undefined); // `confirmed` tells
    this.running.push(publishing);
  }

  /** How many have been put back since the last time, once all are settled. @throws QueueError */
  async confirmed(): Promise<number> {
    const running = this.running;
    this.running = [];
    const settled = Promise.allSettled(running);
    await within(CONFIRM_MS, settled, () => new Error('no confirmation in time'));
    await Promise.all(running);
    return running.length;
  }
}

/** With all its properties but the user's id, which the broker would compare with ours, and an expiry that is over. */
function asItCame({ properties }: GetMessage): Options.Publish {
  const options: Options.Publish = {
    ...properties,
    headers: withoutFailures(properties.headers ?? {}),
    persistent: true,
    mandatory: true,
  };
  delete options.userId;
  delete options.expiration;
  return options;
}
