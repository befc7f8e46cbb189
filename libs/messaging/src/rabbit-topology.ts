import type { Channel, ChannelModel } from 'amqplib';
import type { BusLog } from './message-bus.ts';
import type { BrokerQueue, BrokerTopology } from './transport.ts';

/**
 * Declares what the services need, on every connection. What exists with other flags is used as it is, but said in the log and
 * by `problem`: an original service beside ours declares `shipping-task` not durable.
 */
export class RabbitTopology {
  private readonly wanted: BrokerTopology[] = [];
  private readonly problems = new Map<string, string>();
  private round: Promise<void> | undefined;

  constructor(private readonly log: BusLog) {}

  add(topology: BrokerTopology): void {
    this.wanted.push(topology);
    this.forget();
  }

  /** What was declared may be gone: the connection is a new one, or somebody deleted it. */
  forget(): void {
    this.round = undefined;
  }

  /** What somebody else has declared otherwise. */
  get problem(): string | undefined {
    return this.problems.size > 0 ? [...this.problems.values()].join('; ') : undefined;
  }

  /** Resolves when everything has been declared, once for all who ask. @throws Error when the connection is lost on the way. */
  declared(model: ChannelModel): Promise<void> {
    this.round ??= this.declare(model);
    return this.round;
  }

  private async declare(model: ChannelModel): Promise<void> {
    for (const { exchanges = [] } of this.wanted) {
      for (const { name, type, durable } of exchanges) {
        await this.attempt(model, `exchange ${name}`, async (channel) => {
          await channel.assertExchange(name, type, { durable });
        });
      }
    }
    for (const { queues = [] } of this.wanted) {
      for (const queue of queues) await this.declareQueue(model, queue);
    }
  }

  private async declareQueue(model: ChannelModel, queue: BrokerQueue): Promise<void> {
    const { name, durable, bindings = [], advice } = queue;
    const assert = async (channel: Channel): Promise<void> => {
      await channel.assertQueue(name, { durable, ...waitingRoom(queue) });
    };
    await this.attempt(model, `queue ${name}`, assert, advice);
    for (const { exchange, key } of bindings) {
      await this.attempt(model, `binding ${exchange}:${key}:${name}`, async (channel) => {
        await channel.bindQueue(name, exchange, key);
      });
    }
  }

  /** Each on a channel of its own: the broker answers a refused declaration by closing the channel. */
  private async attempt(
    model: ChannelModel,
    what: string,
    declare: (channel: Channel) => Promise<void>,
    advice?: string,
  ): Promise<void> {
    const channel = await model.createChannel();
    let refusal: string | undefined;
    channel.on('error', (error) => {
      refusal = error.message;
    });
    try {
      await declare(channel);
      await channel.close();
      this.problems.delete(what);
    } catch (error) {
      // Without a word from the broker it was the connection that failed.
      if (refusal === undefined) throw error;
      const problem = `${what} was not declared as wanted: ${refusal}`;
      if (this.problems.get(what) !== problem)
        this.log.error('declaration refused', { problem, ...(advice !== undefined && { advice }) });
      this.problems.set(what, problem);
    }
  }
}

/** The queue arguments that let a message wait and then move on, without a plugin. */
function waitingRoom(queue: BrokerQueue): object {
  if (!queue.waitingRoom) return {};
  const { waitMs, returnTo } = queue.waitingRoom;
  return { messageTtl: waitMs, deadLetterExchange: '', deadLetterRoutingKey: returnTo };
}
