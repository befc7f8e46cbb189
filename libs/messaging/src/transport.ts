import type { Attributes } from '@opentelemetry/api';
import type { Target } from './message.ts';
import type { BrokerTopology } from './topology.ts';

/** Carries bytes to and from a broker. Spans, JSON, retries and dead-lettering are the bus's, the same for every broker. */
export interface Transport {
  /** `messaging.system` */
  readonly system: 'rabbitmq' | 'in_memory';
  readonly peerName: string;
  /** `server.*` of the broker. */
  readonly serverAttributes: Attributes;
  /** `network.peer.*` of the connection, while there is one. */
  peerAttributes(): Attributes;
  /** Declares this as well, now and on every later connection. */
  declare(topology: BrokerTopology): void;
  /** @throws BusUnavailableError */
  send(target: Target, message: WireMessage): Promise<void>;
  /** `deliver` must not reject. */
  subscribe(queue: string, prefetch: number, deliver: (delivery: Delivery) => void): void;
  /** @throws BusUnavailableError */
  ping(): Promise<void>;
  /** No delivery starts after this resolves. Running ones can still be settled and can still send. */
  stopConsuming(): Promise<void>;
  /** Unsettled messages go back to their queue. */
  close(): Promise<void>;
}

export interface WireMessage {
  readonly content: Buffer;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly messageId: string | undefined;
  readonly correlationId: string | undefined;
}

export interface Delivery {
  readonly message: WireMessage;
  readonly exchange: string;
  readonly routingKey: string;
  /** It was delivered before and came back unsettled. */
  readonly redelivered: boolean;
  readonly deliveryTag: number;
  /** @throws Error when its connection is lost: the broker delivers it again. */
  ack(): void;
  /** Puts it back into its queue. @throws like `ack`. */
  requeue(): void;
}
