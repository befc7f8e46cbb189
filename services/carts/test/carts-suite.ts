import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { FREE_PORT, ServiceUnderTest } from '@sockshop/service-testing';
import { randomUUID } from 'node:crypto';
import { carts } from '../src/carts.module.ts';
import { CartsConfig } from '../src/config.ts';
import { ADAPTERS } from './stores.ts';

export const SOCK = '3395a43e-2d88-40de-b95f-e00e1502085b';
export const OTHER = '819e1fbf-8b7e-4f6d-811f-693534916a8b';

export function startCarts(
  databaseUrl: string,
  service = new ServiceUnderTest(),
): Promise<ServiceUnderTest> {
  const config = CartsConfig.read({ ...FREE_PORT, DATABASE_URL: databaseUrl });
  return service.begin(carts(config));
}

/** The service on one adapter of its store. */
export interface CartsContext {
  readonly service: ServiceUnderTest;
  readonly send: ServiceUnderTest['send'];
  /** The path of a cart that only this test uses. */
  cart: string;
  readonly add: (itemId: string, quantity?: number, path?: string) => Promise<Response>;
  readonly quantities: (path?: string) => Promise<Record<string, number>>;
}

/** The tests on every adapter of the store. The service runs once the tests do. */
export function onEachStore(tests: (context: CartsContext) => void): void {
  for (const { name, suite, url } of ADAPTERS) {
    suite(`carts on ${name}`, () => {
      const service = new ServiceUnderTest();
      const send: ServiceUnderTest['send'] = (...request) => service.send(...request);
      const add = (itemId: string, quantity?: number, path = context.cart): Promise<Response> =>
        send('POST', `${path}/items`, { itemId, unitPrice: 18, ...(quantity && { quantity }) });
      const quantities = async (path = context.cart): Promise<Record<string, number>> => {
        const lines = (await (await send('GET', `${path}/items`)).json()) as {
          itemId: string;
          quantity: number;
        }[];
        return Object.fromEntries(lines.map((line) => [line.itemId, line.quantity]));
      };
      const context: CartsContext = { service, send, cart: '', add, quantities };

      beforeAll(async () => {
        await startCarts(url(), service);
        await service.ready();
      });
      afterAll(() => service.close());
      beforeEach(() => {
        context.cart = `/carts/${randomUUID()}`;
      });
      tests(context);
    });
  }
}
