import { afterAll, afterEach, beforeAll, beforeEach, jest } from '@jest/globals';
import type { ServiceUnderTest } from '@sockshop/service-testing';
import { Telemetry } from '@sockshop/telemetry';
import type { Received } from '@sockshop/testing';
import type { Order } from '../src/order.ts';
import type { NextStatus, OrderStatus } from '../src/order-status.ts';
import type { NewOrder, OrderStore } from '../src/order-store.ts';
import { Neighbours } from './neighbours.ts';
import { startOrders } from './running-orders.ts';
import { ADAPTERS, anOrder, openStore } from './stores.ts';

jest.setTimeout(30_000);

export const SOCK = { itemId: 'sock-a', quantity: 1, unitPrice: 18 };
/** Sweeps often; takes orders that have not changed for a second. */
export const SWEEPING = {
  SWEEP_INTERVAL_MS: '20',
  SWEEP_AFTER_MS: '1000',
  UPSTREAM_TIMEOUT_MS: '500',
};
/** An unavailable broker outside this process, so that no sent shipment is sent again. */
export const BROKER_UNAVAILABLE = { RABBITMQ_URL: 'amqp://127.0.0.1:1' };
export const PLACED: OrderStatus[] = ['CREATED', 'PAID', 'SHIPPING'];

export const idOf = async (response: Response) => ((await response.json()) as { id: string }).id;
export const statuses = (order: Order | undefined) => order?.history.map(({ status }) => status);
export const orderIdOf = ({ headers }: Received) => String(headers['idempotency-key']);

/** Instances of the service that share the store of one test, and the services that they call. */
export class Instances {
  readonly shop = new Neighbours();
  store!: OrderStore;
  private databaseUrl = '';
  private readonly running: ServiceUnderTest[] = [];

  async open(databaseUrl: string): Promise<void> {
    this.shop.reset();
    this.databaseUrl = databaseUrl;
    this.store = await openStore(databaseUrl, await Telemetry.start('test'));
  }

  async close(): Promise<void> {
    for (const service of this.running.splice(0)) await service.close();
    await this.store.close();
  }

  /** Starts another instance on the test's store. */
  async start(env: Record<string, string> = {}): Promise<ServiceUnderTest> {
    const where = { ...this.shop.env, DATABASE_URL: this.databaseUrl };
    const service = await startOrders({ ...where, ...env });
    this.running.push(service);
    return service;
  }

  async stop(service: ServiceUnderTest): Promise<void> {
    this.running.splice(this.running.indexOf(service), 1);
    await service.close();
  }

  /** Stores an order and takes these steps. */
  async stored(steps: NextStatus[], changes: Partial<NewOrder> = {}): Promise<NewOrder> {
    const order = anOrder(changes);
    await this.store.insert(order, undefined);
    for (const step of steps) await this.store.advance(order.id, step, new Date());
    return order;
  }

  readonly allFinished = async (): Promise<boolean> =>
    (await this.store.unfinished(new Date(Date.now() + 60_000), 1)).length === 0;

  async listed(customerId: string): Promise<number> {
    return (await this.store.byCustomer(customerId, false)).length;
  }
}

/** Runs the tests on every adapter of the store, each test on its own store. */
export function onEachStore(tests: (instances: Instances) => void): void {
  for (const { name, suite, url } of ADAPTERS) {
    suite(`orders on ${name}`, () => {
      const instances = new Instances();
      beforeAll(() => instances.shop.listen());
      beforeEach(() => instances.open(url()));
      afterEach(() => instances.close());
      afterAll(() => instances.shop.close());
      tests(instances);
    });
  }
}
