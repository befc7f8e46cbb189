export type { BusLog, BusOptions } from './bus-options.ts';
export { BusUnavailableError, PoisonMessageError, type UnavailableReason } from './errors.ts';
export type {
  IncomingMessage,
  MessageHandler,
  OutgoingMessage,
  QueueSource,
  Target,
} from './message.ts';
export { MessageBus } from './message-bus.ts';
export type { ExchangeDeclaration, QueueDeclaration, Topology } from './topology.ts';
