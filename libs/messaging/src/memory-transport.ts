import type { Attributes } from '@opentelemetry/api';
import type { BusOptions } from './bus-options.ts';
import { BusUnavailableError } from './errors.ts';
import { MemoryBroker, type MemorySubscription } from './memory-broker.ts';
import type { Target } from './message.ts';
import type { BrokerTopology } from './topology.ts';
import type { Delivery, Transport, WireMessage } from './transport.ts';

/** The brokers of this process, by name. A broker and its messages live as long as one transport uses it. */
const brokers = new Map<string, { broker: MemoryBroker; users: number }>();

/** A broker inside the process, shared by all services that open the same name. */
export class MemoryTransport implements Transport {
  readonly system = 'in_memory';
  readonly peerName: string;
  readonly serverAttributes: Attributes = {};
  private readonly broker: MemoryBroker;
  private readonly subscriptions: MemorySubscription[] = [];
  private closed = false;

  constructor(
    private readonly name: string,
    { topology, peerName = 'queue' }: BusOptions,
  ) {
    this.peerName = peerName;
    const shared = brokers.get(name) ?? { broker: new MemoryBroker(), users: 0 };
    brokers.set(name, shared);
    shared.users += 1;
    this.broker = shared.broker;
    this.broker.declare(topology);
  }

  peerAttributes(): Attributes {
    return {};
  }

  declare(topology: BrokerTopology): void {
    this.broker.declare(topology);
  }

  send(target: Target, message: WireMessage): Promise<void> {
    const routed = !this.closed && this.broker.publish(target, message);
    if (routed) return Promise.resolve();
    const reason = this.closed ? 'closed' : 'unroutable';
    return Promise.reject(new BusUnavailableError(reason, reason));
  }

  subscribe(queue: string, prefetch: number, deliver: (delivery: Delivery) => void): void {
    this.subscriptions.push(this.broker.subscribe(queue, { prefetch, deliver }));
  }

  ping(): Promise<void> {
    if (!this.closed) return Promise.resolve();
    return Promise.reject(new BusUnavailableError('closed', 'closed'));
  }

  stopConsuming(): Promise<void> {
    for (const subscription of this.subscriptions) subscription.stop();
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.closed = true;
    for (const subscription of this.subscriptions) subscription.giveBack();
    const shared = brokers.get(this.name);
    if (shared && --shared.users === 0) {
      brokers.delete(this.name);
      shared.broker.close();
    }
    return Promise.resolve();
  }
}
