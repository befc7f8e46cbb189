import { trace } from '@opentelemetry/api';
import type {
  Channel,
  ConfirmChannel,
  ConsumeMessage,
  GetMessage,
  Message,
  Options,
  Replies,
} from 'amqplib';
import {
  ATTR_NETWORK_PEER_ADDRESS,
  ATTR_NETWORK_PEER_PORT,
} from '@opentelemetry/semantic-conventions';
import type { Traces } from './api-traces.ts';
import { context } from './context.ts';
import { type DeliveredMessage, lowerCased } from './message-facts.ts';
import { MessageSpans, type MessageSpansOptions, type StartedOperation } from './message-spans.ts';

/** Options of `traceChannel()`. */
export interface TracedChannelOptions extends MessageSpansOptions {
  /** Default: those of the SDK that is registered with `@opentelemetry/api`. */
  readonly traces?: Traces;
}

/** A message that was delivered. `handling`: the handler has not returned yet, or its promise is not settled; then that ends the span. */
interface Unsettled {
  readonly message: DeliveredMessage;
  readonly span: StartedOperation | undefined;
  handling: boolean;
  settled: boolean;
}

/** The connection was lost before the message was settled. */
class ChannelClosedError extends Error {
  override readonly name = 'ChannelClosedError';
  readonly reason = 'channel_closed';
}

/**
 * Gives a channel of amqplib spans, and its messages the trace context; returns the same channel.
 *
 * - `publish`, `sendToQueue`: PRODUCER, until the broker's confirmation if there is a callback.
 * - `consume`: CONSUMER, until the promise of the handler is settled, or, for a handler without one, until the message is.
 * - `get`: CLIENT. To process its message use `MessageSpans.processPulled`.
 * - `ack`, `nack`, `reject`: CLIENT, below the message's span.
 */
export function traceChannel<C extends Channel | ConfirmChannel>(
  channel: C,
  { traces, ...options }: TracedChannelOptions = {},
): C {
  const peer = (): ReturnType<NonNullable<MessageSpansOptions['peer']>> => peerOf(channel);
  const spans = new MessageSpans({ peer, ...options }, traces);
  new ChannelTracing(channel, spans).install();
  return channel;
}

/** The message as `MessageSpans` wants it. `queue`: where it was consumed or pulled from. */
export function delivered(message: Message, queue: string): DeliveredMessage {
  const { exchange, routingKey, deliveryTag, redelivered } = message.fields;
  const { headers = {}, ...properties } = message.properties;
  const lower = lowerCased(headers);
  const count = lower['x-delivery-count']; // of a quorum queue
  return {
    exchange,
    routingKey,
    queue,
    deliveryTag,
    headers: lower,
    attempt: typeof count === 'number' ? count : Number(redelivered),
    messageId: text(properties.messageId),
    correlationId: text(properties.correlationId),
    bodyBytes: message.content.length,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

type Confirmed = (error: unknown, ok: Replies.Empty) => void;
type AnyPublish = (
  exchange: string,
  routingKey: string,
  content: Buffer,
  options?: Options.Publish,
  confirmed?: Confirmed,
) => boolean;

class ChannelTracing {
  private readonly unsettled = new Map<number, Unsettled>();

  constructor(
    private readonly channel: Channel,
    private readonly spans: MessageSpans,
  ) {}

  install(): void {
    this.installPublish();
    this.installConsume();
    this.installGet();
    this.installSettling();
    this.channel.on('close', () => {
      for (const { span, handling } of this.unsettled.values())
        if (!handling) span?.end({ error: new ChannelClosedError() });
      this.unsettled.clear();
    });
  }

  /** amqplib's `sendToQueue` calls it. */
  private installPublish(): void {
    const { channel, spans } = this;
    const publish: AnyPublish = channel.publish.bind(channel); // that of a confirm channel has the callback as well
    const traced: AnyPublish = (exchange, routingKey, content, options = {}, confirmed) => {
      const headers = { ...(options.headers as Record<string, unknown> | undefined) }; // amqplib says any
      const { messageId, correlationId } = options;
      const facts = { exchange, routingKey, messageId, correlationId, bodyBytes: content.length };
      return spans.startPublish(facts, headers, (span) => {
        const done: Confirmed = (error, ok) => {
          span.end(error === null || error === undefined ? undefined : { error });
          confirmed?.(error, ok);
        };
        const sent = { ...options, headers };
        const more = publish(exchange, routingKey, content, sent, confirmed && done);
        if (!confirmed) span.end();
        return more;
      });
    };
    channel.publish = traced;
  }

  private installConsume(): void {
    const { channel } = this;
    const consume = channel.consume.bind(channel);
    channel.consume = (queue, onMessage, options) =>
      consume(
        queue,
        (message) => {
          if (message === null) onMessage(null);
          else this.deliver(message, queue, onMessage, options?.noAck === true);
        },
        options,
      );
  }

  private deliver(
    raw: ConsumeMessage,
    queue: string,
    onMessage: (message: ConsumeMessage) => unknown,
    settled: boolean,
  ): void {
    const message = delivered(raw, queue);
    const span = this.spans.startProcess(message);
    const state: Unsettled = { message, span, handling: true, settled };
    if (!settled) this.unsettled.set(message.deliveryTag, state);
    try {
      const result = context.with(span.context, () => onMessage(raw));
      if (result instanceof Promise) {
        void result.then(
          () => {
            span.end();
          },
          (error: unknown) => {
            span.end({ error });
            throw error; // as unhandled as it would be without us
          },
        );
        return;
      }
      state.handling = false;
      if (state.settled) span.end();
    } catch (error) {
      span.end({ error });
      throw error;
    }
  }

  private installGet(): void {
    const { channel } = this;
    const get = channel.get.bind(channel);
    channel.get = async (queue, options) => {
      let raw: GetMessage | false = false;
      await this.spans.receive(queue, async () => {
        raw = await get(queue, options);
        if (raw === false) return undefined;
        const message = delivered(raw, queue);
        if (options?.noAck !== true) {
          const state = { message, span: undefined, handling: false, settled: false };
          this.unsettled.set(message.deliveryTag, state);
        }
        return message;
      });
      return raw;
    };
  }

  private installSettling(): void {
    const { channel } = this;
    const ack = channel.ack.bind(channel);
    const nack = channel.nack.bind(channel);
    const reject = channel.reject.bind(channel);
    const ackAll = channel.ackAll.bind(channel);
    const nackAll = channel.nackAll.bind(channel);
    channel.ack = (message, allUpTo) => {
      this.settle('ack', message.fields.deliveryTag, allUpTo === true, () => {
        ack(message, allUpTo);
      });
    };
    channel.nack = (message, allUpTo, requeue) => {
      this.settle('nack', message.fields.deliveryTag, allUpTo === true, () => {
        nack(message, allUpTo, requeue);
      });
    };
    channel.reject = (message, requeue) => {
      this.settle('reject', message.fields.deliveryTag, false, () => {
        reject(message, requeue);
      });
    };
    channel.ackAll = () => {
      this.settle('ack', Infinity, true, () => {
        ackAll();
      });
    };
    channel.nackAll = (requeue) => {
      this.settle('nack', Infinity, true, () => {
        nackAll(requeue);
      });
    };
  }

  /** One call may settle several messages; its span is about the last of them. */
  private settle(
    operation: 'ack' | 'nack' | 'reject',
    tag: number,
    allUpTo: boolean,
    act: () => void,
  ): void {
    const tags = allUpTo ? [...this.unsettled.keys()].filter((each) => each <= tag) : [tag];
    const settled = tags.map((each) => this.unsettled.get(each)).filter((one) => one !== undefined);
    for (const each of tags) this.unsettled.delete(each);
    const last = settled.at(-1);
    if (!last) {
      act(); // not one of ours, or the mistake of settling twice, to which the broker answers
      return;
    }
    const settle = (): void => {
      this.spans.settleNow(operation, last.message, act);
    };
    if (!last.span || trace.getSpanContext(context.active())) settle();
    else context.with(last.span.context, settle);
    for (const state of settled) {
      state.settled = true;
      if (!state.handling) state.span?.end();
    }
  }
}

function peerOf({ connection }: Channel): Record<string, string | number> {
  const { remoteAddress, remotePort } = (connection as { stream?: SocketFacts }).stream ?? {}; // amqplib's socket
  return {
    ...(remoteAddress !== undefined && { [ATTR_NETWORK_PEER_ADDRESS]: remoteAddress }),
    ...(remotePort !== undefined && { [ATTR_NETWORK_PEER_PORT]: remotePort }),
  };
}

interface SocketFacts {
  readonly remoteAddress?: string;
  readonly remotePort?: number;
}
