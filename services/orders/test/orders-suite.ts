import { beforeAll, beforeEach, afterAll, expect, jest } from '@jest/globals';
import { ServiceUnderTest } from '@sockshop/service-testing';
import { Telemetry } from '@sockshop/telemetry';
import type { OrderStore } from '../src/order-store.ts';
import { Neighbours } from './neighbours.ts';
import { startOrders } from './running-orders.ts';
import { ADAPTERS, openStore } from './stores.ts';

jest.setTimeout(30_000);

export const COLOURFUL = {
  itemId: '3395a43e-2d88-40de-b95f-e00e1502085b',
  quantity: 1,
  unitPrice: 18,
};
export const DATE = expect.stringMatching(
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/,
) as unknown; // typed any
export const MASKED = { longNum: '************5918', expires: '08/19', ccv: '***' };

export interface Placed {
  id: string;
  total: number;
  status: string;
  message: string;
}
export interface List {
  _embedded: { customerOrders: { total: number; _links: { self: { href: string } } }[] };
  _links: Record<string, { href: string }>;
  page: object;
}
export const placedOf = async (response: Response) => (await response.json()) as Placed;
export const listOf = async (response: Response) => (await response.json()) as List;

/** The service on one adapter of its store, with the services that it calls. */
export interface OrdersContext {
  /** The adapter's name. */
  readonly name: string;
  /** A new database of the adapter. */
  readonly url: () => string;
  readonly shop: Neighbours;
  readonly service: ServiceUnderTest;
  /** On the service's database. */
  store: OrderStore;
  /** Ids of the orders that a customer sees. */
  readonly listed: (customerId: string) => Promise<string[]>;
}

/** Runs the tests on every adapter of the store. The service and its store start before the first test. */
export function onEachStore(tests: (context: OrdersContext) => void): void {
  for (const { name, suite, url } of ADAPTERS) {
    suite(`orders on ${name}`, () => {
      const shop = new Neighbours();
      const service = new ServiceUnderTest();
      const listed = async (customerId: string): Promise<string[]> => {
        const path = `/orders/search/customerId?custId=${customerId}`;
        const list = await listOf(await service.send('GET', path));
        return list._embedded.customerOrders.map((each) => each._links.self.href);
      };
      const context = { name, url, shop, service, listed } as OrdersContext; // its store is opened below
      beforeAll(async () => {
        await shop.listen();
        const databaseUrl = url();
        await startOrders({ ...shop.env, DATABASE_URL: databaseUrl }, true, service);
        context.store = await openStore(databaseUrl, await Telemetry.start('test'));
      });
      afterAll(async () => {
        await service.close();
        await context.store.close();
        await shop.close();
      });
      beforeEach(() => {
        shop.reset();
      });
      tests(context);
    });
  }
}
