import type { Channel, ChannelModel } from 'amqplib';
import type { BusLog } from './bus-options.ts';
import type { BrokerQueue, BrokerTopology } from './topology.ts';

/**
 * Declares what the services need, on every connection. A queue that exists with other flags is used as it is; the log and
 * `problem` report it. An original service beside ours declares its queue as not durable.
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

  /** The declarations may no longer exist: the connection is new, or a client deleted a queue. */
  forget(): void {
    this.round = undefined;
  }

  /** What exists with other flags than wanted. */
  get problem(): string | undefined {
    return this.problems.size > 0 ? [...this.problems.values()].join('; ') : undefined;
  }

  /** Resolves when everything has been declared; callers share one round. @throws Error when the connection is lost meanwhile. */
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
    const { name, durable, bindings = [], advice, maxMessages } = queue;
    const assert = async (channel: Channel): Promise<void> => {
      const bound = maxMessages !== undefined && { maxLength: maxMessages };
      await channel.assertQueue(name, { durable, ...bound, ...delayArguments(queue) });
    };
    await this.attempt(model, `queue ${name}`, assert, advice);
    for (const { exchange, key } of bindings) {
      await this.attempt(model, `binding ${exchange}:${key}:${name}`, async (channel) => {
        await channel.bindQueue(name, exchange, key);
      });
    }
  }

  /** Each on a channel of its own: the broker closes the channel of a declaration that it refuses. */
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
      // Without an error from the broker, the connection failed.
      if (refusal === undefined) throw error;
      if (refusal.includes(UNBOUNDED)) {
        this.log.warn('queue without its bound', { problem: refusal, advice: DELETE_TO_BOUND });
        return;
      }
      const problem = `${what} was not declared as wanted: ${refusal}`;
      if (this.problems.get(what) !== problem)
        this.log.error('declaration refused', { problem, ...(advice !== undefined && { advice }) });
      this.problems.set(what, problem);
    }
  }
}

/** RabbitMQ's words for a queue that was declared without the bound that is wanted now. */
const UNBOUNDED = "inequivalent arg 'x-max-length'";
const DELETE_TO_BOUND = 'delete the queue when it is empty; its consumer declares it anew';

/** The queue arguments of a delay queue; they need no plugin. */
function delayArguments({ delay }: BrokerQueue): object {
  if (!delay) return {};
  const { delayMs, returnTo } = delay;
  return { messageTtl: delayMs, deadLetterExchange: '', deadLetterRoutingKey: returnTo };
}
