import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Telemetry } from '@sockshop/telemetry';
import { randomUUID } from 'node:crypto';
import { type CartStore, MAX_MARKS, MAX_QUANTITY } from '../src/cart-store.ts';
import { ADAPTERS, openStore } from './stores.ts';

const A = { itemId: 'sock-a', unitPrice: 18, quantity: 1 };
const B = { itemId: 'sock-b', unitPrice: 17.15, quantity: 1 };

for (const { name, suite, url } of ADAPTERS) {
  suite(`CartStore on ${name}`, () => {
    let store: CartStore;
    let customer: string;

    beforeAll(async () => {
      store = await openStore(url(), await Telemetry.start('carts'));
    });
    afterAll(() => store.close());
    beforeEach(() => {
      customer = randomUUID();
    });

    const quantities = async (): Promise<Record<string, number>> =>
      Object.fromEntries((await store.items(customer)).map((line) => [line.itemId, line.quantity]));

    it('has no lines for an unknown customer', async () => {
      expect(await store.items(customer)).toEqual([]);
      expect(await store.item(customer, 'sock-a')).toBeUndefined();
    });

    it('keeps lines apart by customer and in the order of adding', async () => {
      await store.add(customer, B);
      await store.add(customer, A);
      await store.add('somebody else', A);
      const lines = await store.items(customer);
      expect(lines).toEqual([
        {
          id: expect.stringMatching(/^[\da-f]{24}$/),
          itemId: 'sock-b',
          quantity: 1,
          unitPrice: 17.15,
        },
        {
          id: expect.stringMatching(/^[\da-f]{24}$/),
          itemId: 'sock-a',
          quantity: 1,
          unitPrice: 18,
        },
      ]);
      expect(await store.item(customer, 'sock-a')).toEqual(lines[1]);
    });

    it('adds a new sock in the given quantity, and one more of a sock in the cart, at the new price', async () => {
      expect(await store.add(customer, { ...A, quantity: 5 })).toMatchObject({
        quantity: 5,
        unitPrice: 18,
      });
      expect(await store.add(customer, { ...A, quantity: 5, unitPrice: 20 })).toMatchObject({
        quantity: 6,
        unitPrice: 20,
      });
    });

    it('adds a removed sock in the given quantity again', async () => {
      await store.add(customer, A);
      await store.remove(customer, 'sock-a');
      expect(await store.add(customer, { ...A, quantity: 3 })).toMatchObject({ quantity: 3 });
    });

    it.each([
      ['removed', () => store.remove(customer, 'sock-a')],
      ['cleared', () => store.clear(customer)],
      ['ordered', () => store.changeOnce(customer, [{ ...A, by: -1 }], 'order-1')],
    ])('gives a new line id to a sock that returns after it was %s', async (_how, empty) => {
      const before = await store.add(customer, A);
      await empty();
      const after = await store.add(customer, A);
      expect(after?.quantity).toBe(1);
      expect(after?.id).not.toBe(before?.id);
    });

    it('refuses to fill a line above its limit', async () => {
      await store.add(customer, { ...A, quantity: MAX_QUANTITY });
      expect(await store.add(customer, A)).toBeUndefined();
      expect(await quantities()).toEqual({ 'sock-a': MAX_QUANTITY });
    });

    it('counts every one of 500 parallel adds', async () => {
      const added = await Promise.all(Array.from({ length: 500 }, () => store.add(customer, A)));
      expect(added.every((line) => line !== undefined)).toBe(true);
      expect(new Set(added.map((line) => line?.quantity)).size).toBe(500);
      expect(await quantities()).toEqual({ 'sock-a': 500 });
    });

    it('sets quantity and price of existing lines only', async () => {
      expect(await store.setQuantity(customer, 'sock-a', 7, 18)).toBe(false);
      await store.add(customer, A);
      expect(await store.setQuantity(customer, 'sock-a', 7, 19)).toBe(true);
      expect(await store.item(customer, 'sock-a')).toMatchObject({ quantity: 7, unitPrice: 19 });
      expect(await store.setQuantity(customer, 'sock-a', 8, undefined)).toBe(true);
      expect(await store.item(customer, 'sock-a')).toMatchObject({ quantity: 8, unitPrice: 19 });
    });

    it('removes a line once', async () => {
      await store.add(customer, A);
      expect(await store.remove(customer, 'sock-a')).toBe(true);
      expect(await store.remove(customer, 'sock-a')).toBe(false);
      expect(await store.setQuantity(customer, 'sock-a', 1, undefined)).toBe(false);
      expect(await store.items(customer)).toEqual([]);
    });

    it('clears one cart', async () => {
      await store.add(customer, A);
      await store.add(customer, B);
      await store.clear(customer);
      expect(await store.items(customer)).toEqual([]);
      expect((await store.items('somebody else')).length).toBe(1);
    });

    it('changes a line once per mark', async () => {
      await store.add(customer, { ...A, quantity: 5 });
      await store.changeOnce(customer, [{ ...A, by: -3 }], 'order-1');
      await store.changeOnce(customer, [{ ...A, by: -3 }], 'order-1');
      expect(await quantities()).toEqual({ 'sock-a': 2 });
      await store.changeOnce(customer, [{ ...A, by: -3 }], 'order-2');
      expect(await quantities()).toEqual({});
      await store.add(customer, A);
      await store.changeOnce(customer, [{ ...A, by: -3 }], 'order-2');
      expect(await quantities()).toEqual({ 'sock-a': 1 });
    });

    it('changes the line with the given id, not one that was emptied and filled again', async () => {
      const { id: lineId } = (await store.add(customer, { ...A, quantity: 2 }))!;
      await store.clear(customer);
      await store.add(customer, A);
      await store.changeOnce(customer, [{ ...A, by: -1, lineId }], 'order-1');
      expect(await quantities()).toEqual({ 'sock-a': 1 });
      const [again] = await store.items(customer);
      await store.changeOnce(customer, [{ ...A, by: -1, lineId: again!.id }], 'order-2');
      expect(await quantities()).toEqual({});
    });

    it('takes lines by their ids once, whatever came between', async () => {
      const order = async (mark: string, ...items: (typeof A)[]) => {
        const there = await store.items(customer);
        const changes = items.map(({ itemId, unitPrice, quantity }) => {
          const lineId = there.find((line) => line.itemId === itemId)!.id;
          return { itemId, unitPrice, by: -quantity, lineId };
        });
        return () => store.changeOnce(customer, changes, mark);
      };
      await store.add(customer, { ...A, quantity: 2 });
      await store.add(customer, B);
      const first = await order('order-1', { ...A, quantity: 2 }, B);
      await store.add(customer, B);
      await first(); // a line as it was ordered, and one that has more pieces by now
      expect(await quantities()).toEqual({ 'sock-b': 1 });
      await store.add(customer, A);
      await store.add(customer, A);
      await first();
      expect(await quantities()).toEqual({ 'sock-a': 2, 'sock-b': 1 });
      const second = await order('order-2', { ...A, quantity: 2 }, B);
      await Promise.all([first(), second(), first(), second()]);
      expect(await quantities()).toEqual({});
      const again = await store.add(customer, { ...A, quantity: 2 });
      await second();
      expect(await store.items(customer)).toEqual([again]);
    });

    it('remembers the latest 50 marks of a line', async () => {
      const marks = Array.from({ length: 60 }, (_, index) => `mark-${index}`);
      for (const mark of marks) await store.changeOnce(customer, [{ ...A, by: 1 }], mark);
      for (const mark of marks.slice(-MAX_MARKS))
        await store.changeOnce(customer, [{ ...A, by: 1 }], mark);
      expect(await quantities()).toEqual({ 'sock-a': 60 });
    });

    it('changes many lines at once, each once per mark', async () => {
      await store.add(customer, { ...A, quantity: 5 });
      await store.add(customer, { ...B, quantity: 2 });
      await store.changeOnce(customer, [{ ...A, by: -1 }], 'order-1');
      const changes = [
        { ...A, by: -1 },
        { ...B, by: -2 },
        { itemId: 'sock-c', unitPrice: 1, by: 3 },
      ];
      await store.changeOnce(customer, changes, 'order-1');
      expect(await quantities()).toEqual({ 'sock-a': 4, 'sock-c': 3 });
      await Promise.all([1, 2, 3, 4].map(() => store.changeOnce(customer, changes, 'order-2')));
      expect(await quantities()).toEqual({ 'sock-a': 3, 'sock-c': 6 });
    });

    it('remembers a mark for a sock that was not in the cart', async () => {
      await store.changeOnce(customer, [{ ...A, by: -1 }], 'order-1');
      await store.add(customer, A);
      await store.changeOnce(customer, [{ ...A, by: -1 }], 'order-1');
      expect(await quantities()).toEqual({ 'sock-a': 1 });
    });

    it('applies one of 50 parallel changes with the same mark, and all of 50 with different marks', async () => {
      const marks = Array.from({ length: 50 }, (_, index) => `mark-${index}`);
      await Promise.all(marks.map(() => store.changeOnce(customer, [{ ...A, by: 2 }], 'same')));
      expect(await quantities()).toEqual({ 'sock-a': 2 });
      await Promise.all(
        marks.slice(0, 20).map((mark) => store.changeOnce(customer, [{ ...A, by: 1 }], mark)),
      );
      expect(await quantities()).toEqual({ 'sock-a': 22 });
    });

    it('keeps a changed quantity within the limits of a line', async () => {
      await store.add(customer, { ...A, quantity: MAX_QUANTITY });
      await store.changeOnce(customer, [{ ...A, by: 5 }], 'merge');
      expect(await quantities()).toEqual({ 'sock-a': MAX_QUANTITY });
    });

    it('drops a line and returns it', async () => {
      await store.add(customer, { ...A, quantity: 4 });
      expect(await store.drop(customer, 'sock-a')).toMatchObject({ itemId: 'sock-a', quantity: 4 });
      expect(await store.drop(customer, 'sock-a')).toBeUndefined();
    });
  });
}
