/** Spans of AMQP messages: for amqplib's channels `traceChannel`, for anything above another client `MessageSpans`. */
export { apiTraces, type Traces } from './api-traces.ts';
export {
  type DeliveredMessage,
  lowerCased,
  type OperationName,
  type SentMessage,
} from './message-facts.ts';
export type { MessageAttributeNames } from './message-operations.ts';
export {
  type EndedOperation,
  type Failure,
  MessageSpans,
  type MessageSpansOptions,
  type StartedOperation,
} from './message-spans.ts';
export type { ConsumerTrace } from './tracing-config.ts';
export { delivered, traceChannel, type TracedChannelOptions } from './traced-channel.ts';
