import type { Attributes } from '@opentelemetry/api';
import {
  MESSAGING_DESTINATION_NAME,
  MESSAGING_MESSAGE_BODY_SIZE,
  MESSAGING_MESSAGE_CONVERSATION_ID,
  MESSAGING_MESSAGE_ID,
  MESSAGING_OPERATION_NAME,
  MESSAGING_OPERATION_TYPE,
  MESSAGING_RABBITMQ_DELIVERY_TAG,
  MESSAGING_RABBITMQ_ROUTING_KEY,
  MESSAGING_SYSTEM,
} from './semconv.ts';

/** What is known of a message that is sent. */
export interface SentMessage {
  /** Empty: the default exchange, whose routing key is the name of a queue. */
  readonly exchange: string;
  readonly routingKey: string;
  readonly messageId?: string | undefined;
  /** Connects the messages about one matter. */
  readonly correlationId?: string | undefined;
  readonly bodyBytes?: number | undefined;
}

/** What is known of a message that was delivered from a queue. */
export interface DeliveredMessage extends SentMessage {
  readonly queue: string;
  readonly deliveryTag: number;
  /** Names in lower case, as `lowerCased` makes them. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** How often it was delivered to a consumer before. */
  readonly attempt: number;
}

export type OperationType = 'send' | 'receive' | 'process' | 'settle';
/** What is done with a message; the value of `messaging.operation.name`. */
export type OperationName = 'publish' | 'receive' | 'process' | 'ack' | 'nack' | 'reject';

/** `{exchange}:{routing key}`, without what is empty. */
export function sentTo({ exchange, routingKey }: SentMessage): string {
  return joined(exchange, routingKey);
}

/** `{exchange}:{routing key}:{queue}`; a routing key that is the queue's name is said once. */
export function deliveredFrom({ exchange, routingKey, queue }: DeliveredMessage): string {
  return routingKey === queue ? joined(exchange, queue) : joined(exchange, routingKey, queue);
}

function joined(...parts: string[]): string {
  return parts.filter((part) => part !== '').join(':');
}

/** Attributes of every messaging span. */
export function operationAttributes(
  system: string,
  operation: OperationName,
  type: OperationType,
  destination: string,
): Attributes {
  return {
    [MESSAGING_SYSTEM]: system,
    [MESSAGING_OPERATION_NAME]: operation,
    [MESSAGING_OPERATION_TYPE]: type,
    [MESSAGING_DESTINATION_NAME]: destination,
  };
}

/** Attributes of a span about one message. RabbitMQ's own are for RabbitMQ only. */
export function messageAttributes(
  system: string,
  message: SentMessage & Partial<DeliveredMessage>,
  withSize: boolean,
): Attributes {
  const { messageId, correlationId, deliveryTag, bodyBytes } = message;
  const attributes: Attributes = {};
  if (messageId !== undefined) attributes[MESSAGING_MESSAGE_ID] = messageId;
  if (correlationId !== undefined) attributes[MESSAGING_MESSAGE_CONVERSATION_ID] = correlationId;
  if (withSize && bodyBytes !== undefined) attributes[MESSAGING_MESSAGE_BODY_SIZE] = bodyBytes;
  if (system !== 'rabbitmq') return attributes;
  attributes[MESSAGING_RABBITMQ_ROUTING_KEY] = message.routingKey;
  if (deliveryTag !== undefined) attributes[MESSAGING_RABBITMQ_DELIVERY_TAG] = deliveryTag;
  return attributes;
}

/** AMQP header names are case-sensitive, and clients in other languages spell trace context headers in their own ways. */
export function lowerCased(headers: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(headers);
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]));
}

/** When the message was last handed to a broker, in ms since the epoch. AMQP's own timestamp has whole seconds. */
const PUBLISHED_AT = 'x-published-at-ms';

export function stampPublished(headers: Record<string, unknown>): void {
  headers[PUBLISHED_AT] = String(Date.now());
}

/** How long the message was with the broker; undefined if its sender did not say, or the sender's clock is ahead of ours. */
export function waitedMs({ headers }: DeliveredMessage): number | undefined {
  const raw = headers[PUBLISHED_AT];
  const publishedAt = typeof raw === 'string' || typeof raw === 'number' ? Number(raw) : NaN;
  const waited = Date.now() - publishedAt;
  return waited >= 0 ? waited : undefined;
}
