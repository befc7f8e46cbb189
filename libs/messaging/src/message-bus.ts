/** Sending and receiving JSON messages; which broker does it, the URL given to `openBus` says. A class, so that Nest can inject it by. */
export abstract class MessageBus {
  /**
   * Resolves once the broker has confirmed the message.
   * @throws BusUnavailableError when it did not within the time limit, at once when the broker is known to be away.
   */
  abstract publish(target: Target, message: OutgoingMessage): Promise<void>;
  /** Hands every message of a queue to `handle`, now and after every reconnect, until the bus is closed. */
  abstract consume(source: QueueSource, handle: MessageHandler): void;
  /**
   * For health pages.
   * @throws BusUnavailableError saying what is wrong: broker away, queue declared otherwise by somebody else, consumer stopped.
   */
  abstract ping(): Promise<void>;
  /** Takes no more messages, lets the running handlers finish (bounded), acknowledges, disconnects. */
  abstract close(): Promise<void>;
}

/** Where a message goes. `exchange: ''` is the default exchange, where the routing key is the name of a queue, which must exist. */
export interface Target {
  readonly exchange: string;
  readonly routingKey: string;
}

export interface OutgoingMessage {
  /** Sent as JSON. */
  readonly body: unknown;
  /** Beside the trace context, which the bus adds. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What ties messages about one matter together (an order id); AMQP's correlation id. */
  readonly correlationId?: string;
}

export interface QueueSource {
  /** Name of a queue of the bus's topology. */
  readonly queue: string;
  /** How many messages are handled at the same time. Default: 10. */
  readonly prefetch?: number;
  /**
   * Milliseconds a message waits after its first, second … failure before it is handed out again; one failure more parks it in
   * `<queue>.dead`. Default: 1 s, 5 s, 25 s.
   */
  readonly retryDelaysMs?: readonly number[];
}

/**
 * Acknowledged when it resolves, tried again later when it rejects, parked at once when it throws a `PoisonMessageError`, never parked for an
 * error whose `status` is 503: somebody was away.
 */
export type MessageHandler = (message: IncomingMessage) => Promise<void>;

export interface IncomingMessage {
  /** Parsed JSON; its shape is for the handler to check. */
  readonly body: unknown;
  /** Names in lower case; a value is what the sender made it: text, number, bytes. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly messageId: string | undefined;
  readonly correlationId: string | undefined;
  /** How often it was handed to a consumer before: 0 for the first time. */
  readonly attempt: number;
}

/** What must exist at the broker; declared on every connection, so that services may start in any order. */
export interface Topology {
  readonly exchanges?: readonly ExchangeDeclaration[];
  readonly queues?: readonly QueueDeclaration[];
}

export interface ExchangeDeclaration {
  readonly name: string;
  readonly type: 'topic';
  readonly durable: boolean;
}

export interface QueueDeclaration {
  readonly name: string;
  readonly durable: boolean;
  readonly bindings?: readonly { readonly exchange: string; readonly key: string }[];
  /** What a person can do where somebody else declared it otherwise; goes to the log. */
  readonly advice?: string;
}

/** One line an event. */
export interface BusLog {
  log(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

export interface BusOptions {
  readonly topology: Topology;
  readonly log: BusLog;
  /** The broker's name on the service map. Default: `rabbitmq`; in process `queue`. */
  readonly peerName?: string;
  /** Default: 2 s. */
  readonly publishTimeoutMs?: number;
  /** Default: 1.5 s. */
  readonly connectTimeoutMs?: number;
  /** How long `close` waits for running handlers. Default: 10 s. */
  readonly drainTimeoutMs?: number;
}
