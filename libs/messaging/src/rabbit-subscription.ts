import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { BackOff, within } from '@sockshop/resilience';
import { setTimeout as pause } from 'node:timers/promises';
import type { BusLog } from './bus-options.ts';
import { RECONNECT } from './rabbit-connection.ts';
import type { RabbitTopology } from './rabbit-topology.ts';
import type { Delivery, WireMessage } from './transport.ts';

const HANG_UP_MS = 1000;

interface SubscriptionOptions {
  readonly queue: string;
  readonly prefetch: number;
  readonly deliver: (delivery: Delivery) => void;
  readonly topology: RabbitTopology;
  readonly log: BusLog;
}

/** One consumer of one queue, on a channel of its own, across connections. */
export class RabbitSubscription {
  /** Why it does not consume; undefined while it does. */
  problem: string | undefined;
  private channel: Channel | undefined;
  private consumerTag: string | undefined;
  private readonly ending = new AbortController();

  constructor(private readonly options: SubscriptionOptions) {}

  /** Consumes while this connection lives. When the broker ends the consumer (a deleted queue, say), it starts again. */
  async keepConsuming(model: ChannelModel, connected: () => boolean): Promise<void> {
    const { topology } = this.options;
    const backOff = new BackOff(RECONNECT);
    while (connected() && !this.ended) {
      try {
        await topology.declared(model);
        await this.consume(model);
        this.stopped('consumer ended by the broker', connected);
      } catch (error) {
        this.stopped(error instanceof Error ? error.message : String(error), connected);
      }
      await pause(backOff.nextMs(), undefined, this.ending).catch(() => undefined);
      if (connected()) topology.forget();
    }
  }

  /** Takes no more messages. */
  async stop(): Promise<void> {
    this.ending.abort();
    const { channel, consumerTag } = this;
    if (channel && consumerTag !== undefined) await bounded(() => channel.cancel(consumerTag));
  }

  /** Unsettled messages go back to the queue. */
  async close(): Promise<void> {
    const { channel } = this;
    if (channel) await bounded(() => channel.close());
  }

  private get ended(): boolean {
    return this.ending.signal.aborted;
  }

  /** Returns when the channel or the consumer was closed. */
  private async consume(model: ChannelModel): Promise<void> {
    const { queue, prefetch, deliver, log } = this.options;
    const channel = await model.createChannel();
    const over = Promise.withResolvers<undefined>();
    channel.on('error', () => undefined); // 'close' follows
    channel.on('close', () => {
      over.resolve(undefined);
    });
    await channel.prefetch(prefetch);
    const { consumerTag } = await channel.consume(queue, (message) => {
      if (message === null) over.resolve(undefined);
      else if (!this.ended) deliver(delivery(channel, message)); // else it goes back when the channel closes
    });
    this.channel = channel;
    this.consumerTag = consumerTag;
    this.problem = undefined;
    log.log('consuming', { queue });
    if (this.ended) await this.stop(); // stop() was called while it started
    await over.promise;
    this.channel = undefined;
    if (!this.ended) await bounded(() => channel.close());
  }

  private stopped(reason: string, connected: () => boolean): void {
    if (!connected() || this.ended) return; // the connection reports that itself
    const { queue, log } = this.options;
    const problem = `not consuming ${queue}: ${reason}`;
    if (problem !== this.problem) log.error('consumer stopped', { queue, reason });
    this.problem = problem;
  }
}

function delivery(channel: Channel, raw: ConsumeMessage): Delivery {
  const { exchange, routingKey, redelivered, deliveryTag } = raw.fields;
  return {
    message: wire(raw),
    exchange,
    routingKey,
    redelivered,
    deliveryTag,
    ack: () => {
      channel.ack(raw);
    },
    requeue: () => {
      channel.nack(raw, false, true);
    },
  };
}

function wire({ content, properties }: ConsumeMessage): WireMessage {
  return {
    content,
    headers: properties.headers ?? {},
    contentType: text(properties.contentType),
    contentEncoding: text(properties.contentEncoding),
    messageId: text(properties.messageId),
    correlationId: text(properties.correlationId),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Says goodbye to the broker for a short time at most: a lost connection or a silent broker never answers. */
async function bounded(farewell: () => Promise<unknown>): Promise<void> {
  const late = (): Error => new Error('no answer');
  await within(HANG_UP_MS, farewell(), late).catch(() => undefined);
}
