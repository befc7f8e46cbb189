import {
  type Attributes,
  type Context,
  type Link,
  SpanKind,
  type SpanOptions,
  trace,
} from '@opentelemetry/api';
import type { Traces } from './api-traces.ts';
import {
  deliveredFrom,
  type DeliveredMessage,
  messageAttributes,
  operationAttributes,
  type OperationName,
  sentTo,
  type SentMessage,
  waitedMs,
} from './message-facts.ts';
import type { ConsumerTrace } from './tracing-config.ts';
import { LINK_REASON, MESSAGING_BATCH_MESSAGE_COUNT, SERVICE_PEER_NAME } from './semconv.ts';

export interface MessageOperationsOptions {
  /** `messaging.system`. Default `rabbitmq`. */
  readonly system?: string;
  /** The broker's name on a service map. Default: the system's. Without it Zipkin draws no edge. */
  readonly peerName?: string;
  /** `server.*` of the broker. */
  readonly server?: Attributes;
  /** `network.peer.*` of the connection, while there is one. */
  readonly peer?: () => Attributes;
  /**
   * `parent`: the span of a message is a child of the one that sent it. `links`: it is the root of a new trace. In both it is linked to
   * the one that sent it. Default `parent`.
   */
  readonly consumers?: ConsumerTrace;
  /** Adds the size of bodies. */
  readonly bodySize?: boolean;
  /** Names of attributes that no convention has. */
  readonly attributes?: Partial<MessageAttributeNames>;
}

/** Names of attributes that no convention has. */
export interface MessageAttributeNames {
  /** How often a message was delivered before. Default `message.attempt`. */
  readonly attempt: string;
  /** How long it was with the broker. Default `message.waited_ms`. */
  readonly waitedMs: string;
}

const NAMES: MessageAttributeNames = { attempt: 'message.attempt', waitedMs: 'message.waited_ms' };
/** Of a link that stands instead of a parent: Zipkin shows it, as it has no links. */
const CREATION: Attributes = { [LINK_REASON]: 'creation of the message' };

/** A span that is going to start. */
export interface Operation {
  readonly operation: OperationName;
  readonly destination: string;
  readonly options: SpanOptions;
  /** Of a message that is processed: how long it was with the broker. */
  readonly waitedMs?: number | undefined;
  /** Undefined: the active one. */
  readonly parent?: Context;
}

/** Names, kinds, attributes, parents and links of messaging spans. */
export class MessageOperations {
  private readonly system: string;
  private readonly broker: Attributes;
  private readonly names: MessageAttributeNames;

  constructor(
    private readonly options: MessageOperationsOptions,
    private readonly traces: Traces,
  ) {
    const { system = 'rabbitmq', peerName = system, server } = options;
    this.system = system;
    this.broker = { [SERVICE_PEER_NAME]: peerName, ...server };
    this.names = { ...NAMES, ...options.attributes };
  }

  sending(message: SentMessage): Operation {
    const destination = sentTo(message);
    const attributes = {
      ...operationAttributes(this.system, 'publish', 'send', destination),
      ...this.describe(message),
      ...this.brokerAttributes(),
    };
    return { operation: 'publish', destination, options: { kind: SpanKind.PRODUCER, attributes } };
  }

  processing(message: DeliveredMessage): Operation & { readonly parent: Context } {
    const destination = deliveredFrom(message);
    const parent = this.traces.extract(message.headers);
    const root = this.options.consumers === 'links';
    const waited = waitedMs(message);
    const attributes = {
      ...operationAttributes(this.system, 'process', 'process', destination),
      ...this.describe(message),
      ...this.brokerAttributes(),
      [this.names.attempt]: message.attempt,
      ...(waited !== undefined && { [this.names.waitedMs]: waited }),
    };
    const links = linkTo(parent, root ? CREATION : undefined);
    const options = { kind: SpanKind.CONSUMER, root, links, attributes };
    return { operation: 'process', destination, options, parent, waitedMs: waited };
  }

  processingBatch(queue: string, messages: readonly DeliveredMessage[]): Operation {
    const attributes = {
      ...operationAttributes(this.system, 'process', 'process', queue),
      [MESSAGING_BATCH_MESSAGE_COUNT]: messages.length,
      ...this.brokerAttributes(),
    };
    const links = messages.flatMap((message) => this.creationOf(message));
    const options = { kind: SpanKind.CONSUMER, links, attributes };
    const parent = this.traces.extract({}); // none: not the span that is active, either
    return { operation: 'process', destination: queue, options, parent };
  }

  receiving(queue: string): Operation {
    const attributes = operationAttributes(this.system, 'receive', 'receive', queue);
    const options = { kind: SpanKind.CLIENT, attributes };
    return { operation: 'receive', destination: queue, options };
  }

  /**
   * Settling calls the broker, so the kind is CLIENT. The span names no remote service: Zipkin would draw an edge consumer → broker,
   * while the CONSUMER span has drawn broker → consumer already.
   */
  settling(operation: 'ack' | 'nack' | 'reject', message: DeliveredMessage): Operation {
    const destination = deliveredFrom(message);
    const attributes = {
      ...operationAttributes(this.system, operation, 'settle', destination),
      ...this.describe(message),
    };
    return { operation, destination, options: { kind: SpanKind.CLIENT, attributes } };
  }

  describe(message: SentMessage | DeliveredMessage): Attributes {
    return messageAttributes(this.system, message, this.options.bodySize === true);
  }

  creationOf({ headers }: DeliveredMessage): Link[] {
    return linkTo(this.traces.extract(headers), CREATION);
  }

  /** On both ends of the queue: without the name Zipkin draws no edge. */
  private brokerAttributes(): Attributes {
    return { ...this.broker, ...this.options.peer?.() };
  }
}

function linkTo(created: Context, attributes: Attributes | undefined): Link[] {
  const creation = trace.getSpanContext(created);
  return creation ? [{ context: creation, ...(attributes && { attributes }) }] : [];
}
