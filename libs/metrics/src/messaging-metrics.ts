import { type Durations, HTTP_BUCKETS } from './durations.ts';
import type { ExemplarChoice } from './exemplars.ts';
import type { Counts, Instruments } from './instruments.ts';
import type { MessagingOperation } from './measured.ts';

const MESSAGING = ['system', 'operation.name', 'destination.name'].map(
  (name) => `messaging.${name}`,
);

/** Seconds. A message that failed waits 25 s for its next attempt, and one whose consumer is down as long as that. */
const WAIT_BUCKETS = [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600];

/** What a service does with messages. */
export class MessagingMetrics {
  private readonly client: Durations;
  private readonly process: Durations;
  private readonly wait: Durations;
  private readonly sent: Counts;
  private readonly consumed: Counts;

  constructor(
    private readonly instruments: Instruments,
    private readonly exemplars: ExemplarChoice,
  ) {
    const operation = [...MESSAGING, 'error.type'];
    this.client = this.histogram(
      'messaging.client.operation.duration',
      'Duration of messaging operations: publish, settle',
      operation,
    );
    this.process = this.histogram(
      'messaging.process.duration',
      'Duration of processing a message',
      operation,
    );
    this.wait = this.histogram(
      'sockshop.message.wait.duration',
      'How long a message was with the broker before it was processed',
      ['messaging.system', 'messaging.destination.name'],
      WAIT_BUCKETS,
    );
    this.sent = this.counter('sent', 'Messages handed to the broker');
    this.consumed = this.counter('consumed', 'Messages delivered to a consumer');
  }

  observe(seconds: number, of: MessagingOperation, waitedSeconds: number | undefined): void {
    const { operation, system, destination, errorType } = of;
    const target = operation === 'process' ? this.process : this.client;
    target.observeFor(seconds, [system, operation, destination, errorType]);
    if (waitedSeconds !== undefined) this.wait.observeFor(waitedSeconds, [system, destination]);
    const counter =
      operation === 'publish' ? this.sent : operation === 'process' ? this.consumed : undefined;
    counter?.inc({
      messaging_system: system,
      messaging_destination_name: destination,
      error_type: errorType,
    });
  }

  private histogram(
    name: string,
    description: string,
    attributes: string[],
    buckets = HTTP_BUCKETS,
  ): Durations {
    return this.instruments.histogram(
      { name, unit: 's', description, attributes },
      buckets,
      this.exemplars,
    );
  }

  private counter(name: string, description: string): Counts {
    return this.instruments.counter({
      name: `messaging.client.${name}.messages`,
      unit: '{message}',
      description,
      attributes: ['messaging.system', 'messaging.destination.name', 'error.type'],
    });
  }
}
