import type { Attributes } from '@opentelemetry/api';
import { ATTR_SERVER_ADDRESS, ATTR_SERVER_PORT } from '@opentelemetry/semantic-conventions';
import { within } from '@sockshop/resilience';
import type { ChannelModel, ConfirmChannel, Options } from 'amqplib';
import { randomUUID } from 'node:crypto';
import type { BusOptions } from './bus-options.ts';
import { BusUnavailableError } from './errors.ts';
import type { Target } from './message.ts';
import { hangUp, type Link, RabbitConnection } from './rabbit-connection.ts';
import { RabbitSubscription } from './rabbit-subscription.ts';
import { RabbitTopology } from './rabbit-topology.ts';
import type { BrokerTopology } from './topology.ts';
import type { Delivery, Transport, WireMessage } from './transport.ts';

/** Seconds; after two of them without any traffic the connection counts as lost. */
const HEARTBEAT = '10';
const PING_TIMEOUT_MS = 1000;

/** One connection, one channel with publisher confirms, one channel for each consumer. */
export class RabbitTransport implements Transport {
  readonly system = 'rabbitmq';
  readonly peerName: string;
  readonly serverAttributes: Attributes;
  private readonly connection: RabbitConnection<ConfirmChannel>;
  private readonly topology: RabbitTopology;
  private readonly subscriptions: RabbitSubscription[] = [];
  private readonly publishTimeoutMs: number;
  /** Ids of messages that no queue took; the broker returns them before it confirms them. */
  private readonly returned = new Set<unknown>();

  constructor(
    text: string,
    private readonly options: BusOptions,
  ) {
    const { topology, log, peerName = 'rabbitmq', connectTimeoutMs = 1500 } = options;
    const url = new URL(text);
    if (!url.searchParams.has('heartbeat')) url.searchParams.set('heartbeat', HEARTBEAT);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = Number(url.port) || (url.protocol === 'amqps:' ? 5671 : 5672);
    this.peerName = peerName;
    this.serverAttributes = { [ATTR_SERVER_ADDRESS]: host, [ATTR_SERVER_PORT]: port };
    this.publishTimeoutMs = options.publishTimeoutMs ?? 2000;
    this.topology = new RabbitTopology(log);
    this.topology.add(topology);
    this.connection = new RabbitConnection({
      url: url.href,
      broker: `${host}:${port}`,
      connectTimeoutMs,
      log,
      prepare: (model) => this.prepare(model),
      onConnected: (link) => {
        for (const subscription of this.subscriptions) this.start(subscription, link);
      },
    });
  }

  peerAttributes(): Attributes {
    return this.connection.link?.peer ?? {};
  }

  declare(topology: BrokerTopology): void {
    this.topology.add(topology);
  }

  async send(target: Target, message: WireMessage): Promise<void> {
    const late = (): Error => new BusUnavailableError('timeout', 'no confirmation in time');
    await within(this.publishTimeoutMs, this.confirmed(target, message), late);
  }

  subscribe(queue: string, prefetch: number, deliver: (delivery: Delivery) => void): void {
    const { topology } = this;
    const { log } = this.options;
    const subscription = new RabbitSubscription({ queue, prefetch, deliver, topology, log });
    this.subscriptions.push(subscription);
    if (this.connection.link) this.start(subscription, this.connection.link);
  }

  async ping(): Promise<void> {
    await this.connection.firstAttempt;
    const { model } = this.live();
    const refused = this.topology.problem;
    if (refused !== undefined) throw new BusUnavailableError('misdeclared', refused);
    const stopped = this.subscriptions.find(({ problem }) => problem !== undefined)?.problem;
    if (stopped !== undefined) throw new BusUnavailableError('not_consuming', stopped);
    const late = (): Error => new BusUnavailableError('timeout', 'no answer in time');
    await within(PING_TIMEOUT_MS, roundTrip(model), late);
  }

  async stopConsuming(): Promise<void> {
    await Promise.all(this.subscriptions.map((subscription) => subscription.stop()));
  }

  async close(): Promise<void> {
    // Channels first: the connection's own close would overtake acknowledgements that are still being sent.
    await Promise.all(this.subscriptions.map((subscription) => subscription.close()));
    await this.connection.close();
  }

  private async prepare(model: ChannelModel): Promise<ConfirmChannel> {
    this.topology.forget();
    await this.topology.declared(model);
    const publisher = await model.createConfirmChannel();
    publisher.on('error', () => undefined); // 'close' follows
    publisher.on('close', () => void hangUp(model)); // the reconnect declares what was missing
    publisher.on('return', ({ properties }) => this.returned.add(properties.messageId));
    return publisher;
  }

  private start(subscription: RabbitSubscription, link: Link<ConfirmChannel>): void {
    void subscription.keepConsuming(link.model, () => this.connection.link === link);
  }

  private async confirmed(target: Target, message: WireMessage): Promise<void> {
    await this.connection.firstAttempt;
    const { model, prepared: publisher } = this.live();
    const messageId = message.messageId ?? randomUUID();
    const options = { ...properties(message), messageId, mandatory: target.exchange === '' };
    await new Promise<void>((resolve, reject) => {
      const { exchange, routingKey } = target;
      publisher.publish(exchange, routingKey, message.content, options, (error: unknown) => {
        if (error === null) resolve();
        else reject(new BusUnavailableError('unconfirmed', 'did not take the message', error));
      });
    }).catch((error: unknown) => {
      if (error instanceof BusUnavailableError) throw error;
      throw new BusUnavailableError('disconnected', 'connection lost', error);
    });
    if (!this.returned.delete(messageId)) return;
    this.topology.forget();
    this.topology.declared(model).catch(() => undefined); // so that the next one finds its queue
    throw new BusUnavailableError('unroutable', `no queue ${target.routingKey}`);
  }

  private live(): Link<ConfirmChannel> {
    const { link, failure } = this.connection;
    // Host and port stay in the cause: the message may reach an HTTP caller.
    if (!link) throw new BusUnavailableError('disconnected', 'not connected', new Error(failure));
    if (link.blocked) throw new BusUnavailableError('blocked', 'accepts no messages at the moment');
    return link;
  }
}

/** Priority and persistence as the original's Spring client sets them. */
function properties(message: WireMessage): Options.Publish {
  const { contentType, contentEncoding, correlationId, headers } = message;
  return {
    headers,
    persistent: true,
    priority: 0,
    ...(contentType !== undefined && { contentType }),
    ...(contentEncoding !== undefined && { contentEncoding }),
    ...(correlationId !== undefined && { correlationId }),
  };
}

/** Proves that the broker answers; an open socket does not prove it. */
async function roundTrip(model: ChannelModel): Promise<void> {
  try {
    const channel = await model.createChannel();
    await channel.close();
  } catch (error) {
    throw new BusUnavailableError('disconnected', 'connection lost', error);
  }
}
