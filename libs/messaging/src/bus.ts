import { context } from '@opentelemetry/api';
import type { Telemetry } from '@sockshop/telemetry';
import { randomUUID } from 'node:crypto';
import { Consumer } from './consumer.ts';
import { BusUnavailableError } from './errors.ts';
import type {
  BusOptions,
  MessageBus,
  MessageHandler,
  OutgoingMessage,
  QueueSource,
  Target,
} from './message-bus.ts';
import { MessageSpans } from './message-spans.ts';
import { RetryQueues } from './retry.ts';
import type { Transport } from './transport.ts';
import { within } from './within.ts';

const RETRY_DELAYS_MS = [1000, 5000, 25_000];

/** The bus above any broker: JSON, trace context, spans, retries, draining. */
export class TransportBus implements MessageBus {
  private readonly spans: MessageSpans;
  private readonly running = new Set<Promise<void>>();
  private closed: Promise<void> | undefined;
  /** No handler runs any more; until then the last ones may still publish what they have to say. */
  private drained = false;

  constructor(
    private readonly transport: Transport,
    private readonly telemetry: Telemetry,
    private readonly options: BusOptions,
  ) {
    this.spans = new MessageSpans(telemetry, transport);
  }

  async publish(target: Target, outgoing: OutgoingMessage): Promise<void> {
    this.mustKnow(target);
    const headers: Record<string, string> = { ...outgoing.headers };
    const message = {
      content: Buffer.from(JSON.stringify(outgoing.body)),
      headers,
      contentType: 'application/json',
      contentEncoding: 'UTF-8',
      messageId: randomUUID(),
      correlationId: outgoing.correlationId,
    };
    await this.spans.publish(target, message, async () => {
      this.telemetry.inject(context.active(), headers);
      if (this.drained) throw new BusUnavailableError('closed', 'closed');
      await this.transport.send(target, message);
    });
  }

  consume(source: QueueSource, handle: MessageHandler): void {
    const { queue, prefetch = 10, retryDelaysMs = RETRY_DELAYS_MS } = source;
    const known = this.options.topology.queues?.some(({ name }) => name === queue);
    if (!known) throw new Error(`queue ${queue} is not in the topology`);
    const retries = new RetryQueues(queue, retryDelaysMs);
    const { spans, transport } = this;
    const consumer = new Consumer(queue, retries, handle, spans, transport, this.options.log);
    transport.declare({ queues: retries.declarations });
    transport.subscribe(queue, prefetch, (delivery) => {
      const work = consumer.deliver(delivery).finally(() => this.running.delete(work));
      this.running.add(work);
    });
  }

  ping(): Promise<void> {
    return this.transport.ping();
  }

  close(): Promise<void> {
    this.closed ??= this.drain();
    return this.closed;
  }

  private async drain(): Promise<void> {
    const { log, drainTimeoutMs = 10_000 } = this.options;
    await this.transport.stopConsuming();
    const late = (): Error => new Error('handlers still running');
    await within(drainTimeoutMs, Promise.all(this.running), late).catch(() => {
      log.warn('messages left unfinished', { running: this.running.size });
    });
    this.drained = true;
    await this.transport.close();
  }

  /** A misspelt exchange is the programmer's mistake, not the broker's absence. */
  private mustKnow({ exchange }: Target): void {
    const { exchanges = [] } = this.options.topology;
    if (exchange !== '' && !exchanges.some(({ name }) => name === exchange)) {
      throw new Error(`exchange ${exchange} is not in the topology`);
    }
  }
}
