import { within } from '@sockshop/resilience';
import { shop, type Telemetry } from '@sockshop/telemetry';
import { type EndedOperation, MessageSpans } from '@sockshop/tracing/amqp';
import { randomUUID } from 'node:crypto';
import type { BusOptions } from './bus-options.ts';
import { Consumer } from './consumer.ts';
import { BusUnavailableError } from './errors.ts';
import { RetryQueues } from './failed-messages.ts';
import { MemoryTransport } from './memory-transport.ts';
import type { MessageHandler, OutgoingMessage, QueueSource, Target } from './message.ts';
import type { Transport } from './transport.ts';

const RETRY_DELAYS_MS = [1000, 5000, 25_000];

/** Sends and receives JSON messages over any broker, with trace context, spans, retries, dead-lettering and draining. */
export class MessageBus {
  private readonly spans: MessageSpans;
  private readonly running = new Set<Promise<void>>();
  private closed: Promise<void> | undefined;
  /** No handler runs any more. Until then the last ones may still publish. */
  private drained = false;

  private constructor(
    private readonly transport: Transport,
    telemetry: Telemetry,
    private readonly options: BusOptions,
  ) {
    this.spans = spansOf(transport, telemetry);
  }

  /**
   * Opens the bus that a URL names. `amqp:` and `amqps:` name a RabbitMQ; the bus does not wait for it and does not fail without it.
   * `memory:<name>` names a broker inside this process, which all buses of that name share.
   * @throws Error when the URL names neither.
   */
  static async open(url: string, telemetry: Telemetry, options: BusOptions): Promise<MessageBus> {
    const { protocol, pathname } = parsed(url);
    if (protocol === 'memory:') {
      return new MessageBus(new MemoryTransport(pathname, options), telemetry, options);
    }
    // Loaded on demand: the embedded way needs no AMQP client.
    const { RabbitTransport } = await import('./rabbit-transport.ts');
    return new MessageBus(new RabbitTransport(url, options), telemetry, options);
  }

  /**
   * Resolves once the broker has confirmed the message.
   * @throws BusUnavailableError when it did not in time, and at once when the broker is known to be unavailable.
   */
  async publish(target: Target, outgoing: OutgoingMessage): Promise<void> {
    this.mustKnow(target);
    const headers: Record<string, unknown> = { ...outgoing.headers };
    const content = Buffer.from(JSON.stringify(outgoing.body));
    const messageId = randomUUID();
    const { correlationId } = outgoing;
    const message = {
      content,
      headers,
      contentType: 'application/json',
      contentEncoding: 'UTF-8',
      messageId,
      correlationId,
    };
    const facts = { ...target, messageId, correlationId, bodyBytes: content.length };
    await this.spans.publish(facts, headers, async () => {
      if (this.drained) throw new BusUnavailableError('closed', 'closed');
      await this.transport.send(target, message);
    });
  }

  /** Passes every message of a queue to `handle`, now and after every reconnect, until the bus is closed. */
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

  /**
   * For health checks.
   * @throws BusUnavailableError naming the fault: broker unavailable, queue declared with other flags, consumer stopped.
   */
  ping(): Promise<void> {
    return this.transport.ping();
  }

  /** Takes no more messages, lets the running handlers finish (bounded), acknowledges, disconnects. */
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

  /** A misspelt exchange is the programmer's mistake, not an unavailable broker. */
  private mustKnow({ exchange }: Target): void {
    const { exchanges = [] } = this.options.topology;
    if (exchange !== '' && !exchanges.some(({ name }) => name === exchange)) {
      throw new Error(`exchange ${exchange} is not in the topology`);
    }
  }
}

/** The URL itself stays out of the message: it may hold a password. */
function parsed(url: string): URL {
  const result = URL.canParse(url) ? new URL(url) : undefined;
  if (!result || !['amqp:', 'amqps:', 'memory:'].includes(result.protocol)) {
    throw new Error('message bus: not an amqp:, amqps: or memory: URL');
  }
  return result;
}

function spansOf(transport: Transport, telemetry: Telemetry): MessageSpans {
  const { system, peerName, serverAttributes: server } = transport;
  const options = {
    system,
    peerName,
    server,
    peer: () => transport.peerAttributes(),
    consumers: telemetry.config.consumerTrace,
    attributes: {
      attempt: shop.MESSAGE_ATTEMPT,
      waitedMs: shop.MESSAGE_WAITED_MS,
    },
    observed: (ended: EndedOperation) => {
      telemetry.metrics.observeMessaging(ended.seconds, ended, ended.waitedSeconds);
    },
  };
  return new MessageSpans(options, telemetry);
}
