import type { Attributes } from '@opentelemetry/api';
import type { QueueDeclaration, Target, Topology } from './message-bus.ts';

/** What a broker does for the bus: carries bytes. Spans, JSON, retries and dead letters are the same above every broker. */
export interface Transport {
  /** `messaging.system` */
  readonly system: 'rabbitmq' | 'in_memory';
  readonly peerName: string;
  /** `server.*` of the broker. */
  readonly serverAttributes: Attributes;
  /** `network.peer.*` of the connection, while there is one. */
  peerAttributes(): Attributes;
  /** Declares more than what the transport was opened with: now and on every later connection. */
  declare(topology: BrokerTopology): void;
  /** @throws BusUnavailableError */
  send(target: Target, message: WireMessage): Promise<void>;
  /** `deliver` must not reject. */
  subscribe(queue: string, prefetch: number, deliver: (delivery: Delivery) => void): void;
  /** @throws BusUnavailableError */
  ping(): Promise<void>;
  /** No delivery starts after this resolves; those running can still be settled and still send. */
  stopConsuming(): Promise<void>;
  /** What is not settled goes back to its queue. */
  close(): Promise<void>;
}

export interface BrokerTopology extends Topology {
  readonly queues?: readonly BrokerQueue[];
}

/** A waiting room is a queue without consumers: after `waitMs` its messages move on to the queue `returnTo`. */
export interface BrokerQueue extends QueueDeclaration {
  readonly waitingRoom?: { readonly waitMs: number; readonly returnTo: string };
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
  /** It was handed out before and came back unsettled. */
  readonly redelivered: boolean;
  readonly deliveryTag: number;
  /** @throws Error when the connection it came by is gone: the broker hands it out again. */
  ack(): void;
  /** Puts it back into its queue. @throws like `ack`. */
  requeue(): void;
}
