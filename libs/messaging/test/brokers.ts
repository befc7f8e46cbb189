import { connect, type ChannelModel } from 'amqplib';
import { MemoryTransport } from '../src/memory-transport.ts';

export interface RawMessage {
  queue: string;
  content: string;
  contentType?: string;
  headers?: Record<string, unknown>;
}

/** A broker as its other clients see it. */
export interface Broker {
  url: string;
  /** Sends as any other client would. */
  sendRaw(message: RawMessage): Promise<void>;
  /** Deletes what a test declared and leaves. */
  close(queues: string[], exchanges: string[]): Promise<void>;
}

export function memoryBroker(name: string): Promise<Broker> {
  const log = { log: () => undefined, warn: () => undefined, error: () => undefined };
  const transport = new MemoryTransport(name, { topology: {}, log });
  return Promise.resolve({
    url: `memory:${name}`,
    sendRaw: ({ queue, content, contentType, headers = {} }) =>
      transport.send(
        { exchange: '', routingKey: queue },
        {
          content: Buffer.from(content),
          contentType,
          headers,
          contentEncoding: undefined,
          messageId: undefined,
          correlationId: undefined,
        },
      ),
    close: () => transport.close(),
  });
}

export async function rabbitBroker(url: string): Promise<Broker & { model: ChannelModel }> {
  const model = await connect(url);
  const channel = await model.createConfirmChannel();
  return {
    url,
    model,
    sendRaw: async ({ queue, content, contentType, headers }) => {
      const properties = { headers, ...(contentType !== undefined && { contentType }) };
      channel.sendToQueue(queue, Buffer.from(content), properties);
      await channel.waitForConfirms();
    },
    close: async (queues, exchanges) => {
      for (const queue of queues) await channel.deleteQueue(queue);
      for (const exchange of exchanges) await channel.deleteExchange(exchange);
      await model.close();
    },
  };
}
