export { BusUnavailableError, PoisonMessageError, type UnavailableReason } from './errors.ts';
export type {
  BusLog,
  BusOptions,
  ExchangeDeclaration,
  IncomingMessage,
  MessageHandler,
  OutgoingMessage,
  QueueDeclaration,
  QueueSource,
  Target,
  Topology,
} from './message-bus.ts';
export { MessageBus } from './message-bus.ts';
export { openBus } from './open-bus.ts';
