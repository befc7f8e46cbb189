import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';

const EXCHANGE = 'shipping-task-exchange';
const TYPE = 'works.weave.socks.shipping.entities.Shipment';

/** The original's consumer, as the broker sees it: same declarations, one message at a time, no event at the end. */
export class OriginalQueueMaster {
  /** The customers of the shipments it printed. */
  readonly printed: string[] = [];
  /** Messages that the original would have dropped or crashed on. */
  readonly refused: ConsumeMessage[] = [];

  private constructor(private readonly channel: Channel) {}

  static async at(model: ChannelModel, queue: string): Promise<OriginalQueueMaster> {
    const channel = await model.createChannel();
    const original = new OriginalQueueMaster(channel);
    await channel.assertQueue(queue, { durable: false, exclusive: false, autoDelete: false });
    await channel.assertExchange(EXCHANGE, 'topic', { durable: true });
    await channel.bindQueue(queue, EXCHANGE, queue);
    await channel.prefetch(1);
    await channel.consume(queue, (message) => {
      if (message) original.handle(message);
    });
    return original;
  }

  private handle(message: ConsumeMessage): void {
    const type: unknown = message.properties.headers?.['__TypeId__'] ?? TYPE;
    if (type === TYPE && String(message.properties.contentType).includes('json')) {
      const { name } = JSON.parse(message.content.toString()) as { name: string }; // else the test fails
      this.printed.push(name);
    } else {
      this.refused.push(message);
    }
    this.channel.ack(message);
  }
}
