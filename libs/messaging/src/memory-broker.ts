import type { Target } from './message.ts';
import type { BrokerQueue, BrokerTopology } from './topology.ts';
import type { Delivery, WireMessage } from './transport.ts';

interface Envelope {
  readonly message: WireMessage;
  readonly exchange: string;
  readonly routingKey: string;
  readonly redelivered: boolean;
}

/** A consumer of a queue; it takes up to `prefetch` unsettled messages. */
export interface MemoryConsumer {
  readonly prefetch: number;
  readonly deliver: (delivery: Delivery) => void;
}

/** What the bus uses of RabbitMQ, inside one process: default and topic exchanges, queues, delay queues, unsettled messages. */
export class MemoryBroker {
  private readonly queues = new Map<string, MemoryQueue>();
  /** Exchange → bindings. */
  private readonly exchanges = new Map<string, { key: string; queue: string }[]>();

  /** An existing exchange or queue stays as it is, as at any broker. */
  declare({ exchanges = [], queues = [] }: BrokerTopology): void {
    for (const { name } of exchanges) {
      if (!this.exchanges.has(name)) this.exchanges.set(name, []);
    }
    for (const queue of queues) {
      if (!this.queues.has(queue.name)) this.queues.set(queue.name, this.queueFor(queue));
      for (const { exchange, key } of queue.bindings ?? []) this.bind(exchange, key, queue.name);
    }
  }

  /** False when the default exchange has no such queue. A topic without a bound queue drops the message, which is no failure. */
  publish({ exchange, routingKey }: Target, message: WireMessage): boolean {
    const names = exchange === '' ? [routingKey] : this.bound(exchange, routingKey);
    const queues = names
      .map((name) => this.queues.get(name))
      .filter((queue) => queue !== undefined);
    for (const queue of queues) {
      queue.push({ message, exchange, routingKey, redelivered: false });
    }
    return exchange !== '' || queues.length > 0;
  }

  /** `stop` of the result ends the deliveries; `giveBack` returns unsettled messages to the queue. */
  subscribe(queue: string, consumer: MemoryConsumer): MemorySubscription {
    const at = this.queues.get(queue);
    if (!at) throw new Error(`no queue ${queue}`);
    return at.subscribe(consumer);
  }

  /** Stops the timers of the delay queues. */
  close(): void {
    for (const queue of this.queues.values()) queue.close();
  }

  private queueFor({ delay }: BrokerQueue): MemoryQueue {
    if (!delay) return new MemoryQueue();
    const { delayMs, returnTo } = delay;
    return new MemoryQueue(delayMs, (message) => {
      this.publish({ exchange: '', routingKey: returnTo }, message);
    });
  }

  private bind(exchange: string, key: string, queue: string): void {
    const bindings = this.exchanges.get(exchange);
    if (!bindings) throw new Error(`no exchange ${exchange}`);
    const known = bindings.some((binding) => binding.key === key && binding.queue === queue);
    if (!known) bindings.push({ key, queue });
  }

  /** Each queue once, however many of its bindings match. */
  private bound(exchange: string, routingKey: string): string[] {
    const bindings = this.exchanges.get(exchange) ?? [];
    const words = routingKey.split('.');
    const matching = bindings.filter(({ key }) => topicMatches(key.split('.'), words));
    return [...new Set(matching.map(({ queue }) => queue))];
  }
}

export interface MemorySubscription {
  stop(): void;
  giveBack(): void;
}

class MemoryQueue {
  private readonly waiting: Envelope[] = [];
  private readonly consumers: MemoryConsumption[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly delayMs?: number,
    private readonly afterDelay?: (message: WireMessage) => void,
  ) {}

  push(envelope: Envelope): void {
    if (this.afterDelay) this.delay(envelope.message, this.afterDelay);
    else this.waiting.push(envelope);
    this.pump();
  }

  putBack(envelopes: readonly Envelope[]): void {
    this.waiting.unshift(...envelopes.map((envelope) => ({ ...envelope, redelivered: true })));
    this.pump();
  }

  subscribe(consumer: MemoryConsumer): MemorySubscription {
    const consumption = new MemoryConsumption(consumer, this);
    this.consumers.push(consumption);
    this.pump();
    return {
      stop: () => {
        const at = this.consumers.indexOf(consumption);
        if (at >= 0) this.consumers.splice(at, 1);
      },
      giveBack: () => {
        consumption.giveBack();
      },
    };
  }

  /** Consumers take turns. Not in the caller's stack: publishing must not run a handler. */
  pump(): void {
    setImmediate(() => {
      for (;;) {
        const consumer = this.consumers.find((each) => each.free);
        const envelope = consumer && this.waiting.shift();
        if (!envelope) return;
        this.consumers.push(...this.consumers.splice(this.consumers.indexOf(consumer), 1));
        consumer.take(envelope);
      }
    });
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  private delay(message: WireMessage, afterDelay: (message: WireMessage) => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      afterDelay(message);
    }, this.delayMs);
    this.timers.add(timer);
  }
}

/** One consumer's unsettled messages. */
class MemoryConsumption {
  private readonly unsettled = new Map<number, Envelope>();
  private lastTag = 0;
  private gone = false;

  constructor(
    private readonly consumer: MemoryConsumer,
    private readonly queue: MemoryQueue,
  ) {}

  get free(): boolean {
    return this.unsettled.size < this.consumer.prefetch;
  }

  take(envelope: Envelope): void {
    const deliveryTag = ++this.lastTag;
    this.unsettled.set(deliveryTag, envelope);
    const settle = (): void => {
      if (this.gone || !this.unsettled.delete(deliveryTag)) throw new Error('already given back');
    };
    this.consumer.deliver({
      ...envelope,
      deliveryTag,
      ack: () => {
        settle();
        this.queue.pump();
      },
      requeue: () => {
        settle();
        this.queue.putBack([envelope]);
      },
    });
  }

  giveBack(): void {
    this.gone = true;
    this.queue.putBack([...this.unsettled.values()]);
    this.unsettled.clear();
  }
}

/** AMQP's topics: words between dots, `*` is one word, `#` any number of them. */
export function topicMatches(pattern: readonly string[], words: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return words.length === 0;
  if (first === '#') {
    return topicMatches(rest, words) || (words.length > 0 && topicMatches(pattern, words.slice(1)));
  }
  const matches = words.length > 0 && (first === '*' || first === words[0]);
  return matches && topicMatches(rest, words.slice(1));
}
