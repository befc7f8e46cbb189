import { errorType } from '@sockshop/tracing';
import {
  type DeliveredMessage,
  type Failure,
  lowerCased,
  type MessageSpans,
} from '@sockshop/tracing/amqp';
import { setTimeout as pause } from 'node:timers/promises';
import type { BusLog } from './bus-options.ts';
import { PoisonMessageError } from './errors.ts';
import { failedAgain, failuresOf, RetryQueues } from './failed-messages.ts';
import type { MessageHandler } from './message.ts';
import type { Delivery, Transport, WireMessage } from './transport.ts';

/** When a failed message cannot be moved, it goes back to its queue after this pause, so not in a hot loop. */
const REQUEUE_PAUSE_MS = 1000;

/** Handles the messages of one queue. Each is acknowledged when it was handled, moved to a delay queue, or dead-lettered. */
export class Consumer {
  constructor(
    private readonly queue: string,
    private readonly retries: RetryQueues,
    private readonly handle: MessageHandler,
    private readonly spans: MessageSpans,
    private readonly transport: Transport,
    private readonly log: BusLog,
  ) {}

  /** Never rejects: after any failure the next message is handled. */
  async deliver(delivery: Delivery): Promise<void> {
    const { message } = delivery;
    const headers = lowerCased(message.headers);
    // A message that came back unsettled (its consumer died) was delivered at least once more than it failed.
    const attempt = failuresOf(delivery) + (delivery.redelivered ? 1 : 0);
    const { messageId, correlationId } = message;
    const { exchange, routingKey, deliveryTag } = delivery;
    const delivered: DeliveredMessage = {
      exchange,
      routingKey,
      queue: this.queue,
      deliveryTag,
      headers,
      attempt,
      messageId,
      correlationId,
      bodyBytes: message.content.length,
    };
    await this.spans.process(
      delivered,
      () => this.handle({ body: json(message), headers, messageId, correlationId, attempt }),
      (failure) => this.settle(delivery, delivered, failure),
    );
  }

  private async settle(
    delivery: Delivery,
    delivered: DeliveredMessage,
    failure: Failure,
  ): Promise<void> {
    const { messageId } = delivery.message;
    try {
      if (failure) await this.moveFailed(delivery, failure.error);
    } catch (error) {
      this.log.warn('message goes back to its queue', {
        queue: this.queue,
        messageId,
        error: text(error),
      });
      await pause(REQUEUE_PAUSE_MS);
      await this.settled('nack', delivery, delivered);
      return;
    }
    await this.settled('ack', delivery, delivered);
  }

  /** Publishes with confirm before the original is acknowledged: a crash in between doubles the message, never loses it. */
  private async moveFailed(delivery: Delivery, error: unknown): Promise<void> {
    const { queue, delayMs, failures } = this.retries.next(failuresOf(delivery), error);
    const message = failedAgain(delivery, failures, error);
    const target = { exchange: '', routingKey: queue };
    const { content, messageId, correlationId, headers } = message;
    const facts = { ...target, messageId, correlationId, bodyBytes: content.length };
    await this.spans.forward(facts, headers, () => this.transport.send(target, message));
    const fields = { queue, messageId, failures, error: text(error) };
    if (delayMs === undefined) this.log.error('message dead-lettered', fields);
    else this.log.warn('message will be retried', { ...fields, delayMs });
  }

  private async settled(
    operation: 'ack' | 'nack',
    delivery: Delivery,
    delivered: DeliveredMessage,
  ): Promise<void> {
    const act = (): void => {
      if (operation === 'ack') delivery.ack();
      else delivery.requeue();
    };
    try {
      await this.spans.settle(operation, delivered, act);
    } catch (error) {
      const { messageId } = delivered;
      this.log.warn('message will be delivered again', {
        queue: this.queue,
        messageId,
        error: text(error),
      });
    }
  }
}

/** `application/json;charset=utf-8` and the like are JSON, as for the original's consumer, which stopped for good at other types. */
function json({ content, contentType }: WireMessage): unknown {
  if (contentType?.toLowerCase().includes('json') !== true) {
    throw new PoisonMessageError(`content type ${contentType ?? 'missing'} is not JSON`);
  }
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    // Without its cause: the parser's message quotes the body, which may hold personal data.
    throw new PoisonMessageError('body is not JSON');
  }
}

function text(error: unknown): string {
  return error instanceof Error ? `${errorType(error)}: ${error.message}` : String(error);
}
