import { type IncomingMessage, MessageBus, type OutgoingMessage } from '@sockshop/messaging';
import { SHIPMENT_SHIPPED, SHIPPING_TASK_EXCHANGE } from '@sockshop/queues';
import { Telemetry } from '@sockshop/telemetry';
import { context, tracingConfig } from '@sockshop/tracing';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { connect } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { until } from '@sockshop/testing';
import { deleteQueues } from '@sockshop/testing/real-servers';

/** The broker's other clients: shipping, which publishes tasks, and consumers of events and of dead-lettered messages. */
export class Shop {
  /** Distinguishes its queues and shipments from those of other tests at the same broker. */
  private readonly mark = randomUUID();
  readonly queue = `shipping-task-${this.mark}`;
  readonly spans = new InMemorySpanExporter();
  private readonly listening = `listening-${this.mark}`;
  private shipments = 0;
  private bus!: MessageBus;
  private telemetry!: Telemetry;

  private constructor(readonly busUrl: string) {}

  static async at(busUrl: string): Promise<Shop> {
    const shop = new Shop(busUrl);
    shop.telemetry = await Telemetry.start('shipping', tracingConfig({}), shop.spans);
    const log = { log: () => undefined, warn: () => undefined, error: () => undefined };
    const topology = {
      exchanges: [SHIPMENT_SHIPPED.exchange, SHIPPING_TASK_EXCHANGE].map((name) => ({
        name,
        type: 'topic' as const,
        durable: true,
      })),
      queues: [
        { name: shop.queue, durable: true },
        { name: `${shop.queue}.dead`, durable: true },
        {
          name: shop.listening,
          durable: true,
          bindings: [{ exchange: SHIPMENT_SHIPPED.exchange, key: SHIPMENT_SHIPPED.routingKey }],
        },
      ],
    };
    shop.bus = await MessageBus.open(busUrl, shop.telemetry, { topology, log });
    await shop.bus.ping();
    return shop;
  }

  /** The variables that connect queue-master to this shop. */
  get env(): { RABBITMQ_URL: string; SHIPPING_QUEUE: string } {
    return { RABBITMQ_URL: this.busUrl, SHIPPING_QUEUE: this.queue };
  }

  newId(): string {
    return `${this.mark}-${++this.shipments}`;
  }

  send(message: OutgoingMessage, exchange = ''): Promise<void> {
    return this.bus.publish({ exchange, routingKey: this.queue }, message);
  }

  /** Publishes like shipping while it handles a request with these headers. */
  sendWithin(
    traceparent: string,
    message: OutgoingMessage,
    headers: Record<string, string> = {},
  ): Promise<void> {
    const caller = this.telemetry.extract({ traceparent, ...headers });
    return context.with(caller, () => this.send(message));
  }

  /** All events, including those of other tests at the same broker. */
  events(): Inbox {
    return this.inbox(this.listening);
  }

  deadLettered(): Inbox {
    return this.inbox(`${this.queue}.dead`);
  }

  async close(): Promise<void> {
    await this.bus.close();
    await this.telemetry.shutdown();
    if (!this.busUrl.startsWith('memory:')) await this.tidy();
  }

  private inbox(queue: string): Inbox {
    const inbox = new Inbox();
    this.bus.consume({ queue }, inbox.put);
    return inbox;
  }

  private async tidy(): Promise<void> {
    const model = await connect(this.busUrl);
    const channel = await model.createChannel();
    await deleteQueues(channel, this.queue, `${this.queue}.dead`, this.listening);
    await model.close();
  }
}

/** The messages received from a queue. */
export class Inbox {
  private readonly messages: IncomingMessage[] = [];

  readonly put = (message: IncomingMessage): Promise<void> => {
    this.messages.push(message);
    return Promise.resolve();
  };

  /** The messages about one shipment; waits for the first. */
  async about(id: string): Promise<IncomingMessage[]> {
    const found = (): IncomingMessage[] =>
      this.messages.filter(({ correlationId }) => correlationId === id);
    await until(() => found().length > 0);
    return found();
  }
}
