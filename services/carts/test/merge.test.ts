import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Telemetry } from '@sockshop/telemetry';
import { randomUUID } from 'node:crypto';
import type { CartStore } from '../src/cart-store.ts';
import { CartsService } from '../src/carts.service.ts';
import { ADAPTERS, openStore } from './stores.ts';

const A = { itemId: 'sock-a', unitPrice: 18, quantity: 3 };
const B = { itemId: 'sock-b', unitPrice: 7, quantity: 2 };

for (const { name, suite, url } of ADAPTERS) {
  suite(`a merge of carts on ${name}`, () => {
    let store: CartStore;
    let carts: CartsService;
    let customer: string;
    let guest: string;

    beforeAll(async () => {
      store = await openStore(url(), await Telemetry.start('carts'));
      carts = new CartsService(store);
    });
    afterAll(() => store.close());
    beforeEach(async () => {
      [customer, guest] = [randomUUID(), randomUUID()];
      await store.add(guest, A);
      await store.add(guest, B);
    });

    const quantities = async (cart: string): Promise<Record<string, number>> =>
      Object.fromEntries((await store.items(cart)).map((line) => [line.itemId, line.quantity]));
    /** Replaces the next call of one of the store's methods by `work`. */
    const onceInPlaceOf = (method: 'changeOnce' | 'drop', work: () => Promise<never>): void => {
      store[method] = () => {
        Reflect.deleteProperty(store, method); // the class has the real one
        return work();
      };
    };

    it('also moves pieces that the guest adds while it runs', async () => {
      const changeOnce = store.changeOnce.bind(store);
      store.changeOnce = async (...change) => {
        Reflect.deleteProperty(store, 'changeOnce');
        await changeOnce(...change);
        await store.add(guest, A);
      };
      await carts.merge(customer, guest);
      expect(await quantities(customer)).toEqual({ 'sock-a': 4, 'sock-b': 2 });
      expect(await quantities(guest)).toEqual({});
    });

    it.each(['changeOnce', 'drop'] as const)(
      'adds up once when it is repeated after the store failed at %s',
      async (method) => {
        await store.add(customer, A);
        onceInPlaceOf(method, () => Promise.reject(new Error('unavailable')));
        await expect(carts.merge(customer, guest)).rejects.toThrow('unavailable');
        await carts.merge(customer, guest);
        await carts.merge(customer, guest);
        expect(await quantities(customer)).toEqual({ 'sock-a': 6, 'sock-b': 2 });
        expect(await quantities(guest)).toEqual({});
      },
    );
  });
}
