import { type IncomingMessage, MessageBus } from '@sockshop/messaging';
import { Telemetry } from '@sockshop/telemetry';
import { tracingConfig } from '@sockshop/tracing';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { randomUUID } from 'node:crypto';
import { until } from '@sockshop/testing';

/** The consuming end of the queue, in place of queue-master. */
export class Receiver {
  private readonly received: IncomingMessage[] = [];
  private taken = 0;

  private constructor(
    private readonly bus: MessageBus,
    private readonly telemetry: Telemetry,
  ) {}

  static async at(url: string, queue: string): Promise<Receiver> {
    const spans = new InMemorySpanExporter();
    const telemetry = await Telemetry.start('queue-master', tracingConfig({}), spans);
    const log = { log: () => undefined, warn: () => undefined, error: () => undefined };
    const topology = { queues: [{ name: queue, durable: true }] };
    const receiver = new Receiver(
      await MessageBus.open(url, telemetry, { topology, log }),
      telemetry,
    );
    receiver.bus.consume({ queue }, (message) => {
      receiver.received.push(message);
      return Promise.resolve();
    });
    return receiver;
  }

  /** Waits for the next message. */
  async next(): Promise<IncomingMessage> {
    const at = this.taken++;
    await until(() => this.received.length > at);
    return this.received[at]!;
  }

  async close(): Promise<void> {
    await this.bus.close();
    await this.telemetry.shutdown();
  }
}

/** A queue that no other test uses. */
export function freshQueue(): string {
  return `shipping-task-${randomUUID()}`;
}
