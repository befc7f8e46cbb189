/** Where a message goes. `exchange: ''` is the default exchange, whose routing key is the name of an existing queue. */
export interface Target {
  readonly exchange: string;
  readonly routingKey: string;
}

export interface OutgoingMessage {
  /** Sent as JSON. */
  readonly body: unknown;
  /** Beside the trace context, which the bus adds. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Connects the messages about one matter, in the shop the id of a shipment. AMQP's correlation id. */
  readonly correlationId?: string;
}

export interface IncomingMessage {
  /** Parsed JSON; the handler checks its shape. */
  readonly body: unknown;
  /** Names in lower case; a value is what the sender made it: text, number, bytes. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly messageId: string | undefined;
  readonly correlationId: string | undefined;
  /** How often it was delivered to a consumer before: 0 for the first time. */
  readonly attempt: number;
}

/**
 * The message is acknowledged when the handler resolves and delivered again later when it rejects. It is dead-lettered at once for a
 * `PoisonMessageError`, and never for an error whose `status` is 503: then something the handler needs was unavailable.
 */
export type MessageHandler = (message: IncomingMessage) => Promise<void>;

export interface QueueSource {
  /** Name of a queue of the bus's topology. */
  readonly queue: string;
  /** How many messages are handled at the same time. Default: 10. */
  readonly prefetch?: number;
  /**
   * Milliseconds until the next delivery after the first, second … failure. One more failure dead-letters the message to
   * `<queue>.dead`. Default: 1 s, 5 s, 25 s.
   */
  readonly retryDelaysMs?: readonly number[];
}
