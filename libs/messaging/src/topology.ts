/** What must exist at the broker. It is declared on every connection, so services may start in any order. */
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
  /**
   * Beyond it the oldest messages are dropped; the default is no bound. A queue that exists without the bound is used as it is: it was
   * declared by an earlier version, and works. In process it has no effect: there the queue ends with its consumer.
   */
  readonly maxMessages?: number;
  /** What a person can do when the queue exists with other flags; goes to the log. */
  readonly advice?: string;
}

/** A topology with the bus's own queues for failed messages. */
export interface BrokerTopology extends Topology {
  readonly queues?: readonly BrokerQueue[];
}

/** A delay queue has no consumers: after `delayMs` its messages go to the queue `returnTo`. */
export interface BrokerQueue extends QueueDeclaration {
  readonly delay?: { readonly delayMs: number; readonly returnTo: string };
}
